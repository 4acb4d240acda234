#!/bin/sh
# Installs the agent from the folder that this file lies in. usage: sh install.sh --host-id ID [--signer KEY] [--bundle FILE] [--backend iptables] [--adopt|--replace] [--allow-downgrade]   (bundle on stdin without --bundle)
exec sh "${0%/*}/firebreak-agent" install "$@"
