/** Runs beside ansible-playbook, where Python always is. Writes what `agent/collect/lib/pack-bundle.sh` writes on a host: the format of both is in agent/collect/README.md. */
export const SEAL_RECEIPT = `#!/usr/bin/env python3
"""Seals what a host's agent said, with the key of this export, for: firebreak bundle receipt FILE

usage: seal_receipt.py KIT_FOLDER OUT.tar.gz <DOCUMENT
DOCUMENT: {"status": TEXT, "machine": "MACHINE-ID HOSTNAME", "push": ID, "host": ID}
"""
import hashlib
import io
import json
import os
import re
import secrets
import subprocess
import sys
import tarfile
import tempfile


def sign(kit_folder, text):
    # ssh-keygen takes no key that others could read, as it may be after a copy.
    with tempfile.TemporaryDirectory() as scratch:
        key = os.path.join(scratch, "site-key")
        with open(os.path.join(kit_folder, "site-key"), "rb") as kept, open(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as copy:
            copy.write(kept.read())
        done = subprocess.run(["ssh-keygen", "-Y", "sign", "-f", key, "-n", "firebreak-collection"], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0 or b"BEGIN SSH SIGNATURE" not in done.stdout:
        sys.exit("ssh-keygen could not sign (OpenSSH 8.1 or newer is needed on this machine): " + done.stderr.decode(errors="replace")[:300])
    return done.stdout


def read_kit(kit_folder):
    with open(os.path.join(kit_folder, "kit"), encoding="ascii") as lines:
        found = re.search(r"^id=(k_[0-9a-f]{12})$", lines.read(), re.MULTILINE)
    return found.group(1) if found else sys.exit("kit/kit names no kit; export again into a new folder")


def main(kit_folder, out_path):
    said = json.load(sys.stdin)
    status = json.loads(said["status"])
    machine_id, _, hostname = said["machine"].partition(" ")
    kit = read_kit(kit_folder)
    files = {
        "status.json": said["status"].encode() + b"\\n",
        "order.json": json.dumps({"push": said["push"], "host": said["host"]}).encode() + b"\\n",
    }
    manifest = json.dumps({
        "format": "firebreak-collection/1", "kind": "receipt", "id": secrets.token_hex(16), "collector": str(status["agentVersion"])[:32], "clock": int(status["clock"]),
        "hostname": hostname, "machineId": machine_id, "root": True, "kit": kit, "seal": "ssh", "absences": [],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }).encode()
    entries = {"manifest.json": manifest, "manifest.json.sig": sign(kit_folder, manifest), **files}
    os.makedirs(os.path.dirname(out_path), mode=0o700, exist_ok=True)
    part = out_path + ".part"
    with open(part, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    os.replace(part, out_path)


main(*sys.argv[1:3])
`;
