import ssh2 from 'ssh2';
import { SshFields, stringField, uint32Field } from './ssh-fields.ts';

/** Messages of draft-miller-ssh-agent, section 6.1. */
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
const RSA_SHA2_512 = 4;

const MAX_ANSWER_BYTES = 1_048_576;

/** The public keys that the agent holds, certificates among them, as it lists them. */
export async function listAgentKeys(socketPath: string): Promise<Buffer[]> {
  const answer = await ask(socketPath, Buffer.from([REQUEST_IDENTITIES]), IDENTITIES_ANSWER);
  return Array.from({ length: answer.uint32() }, () => {
    const blob = answer.string();
    answer.string();
    return blob;
  });
}

/** The whole signature, as the agent gives it: the name of its algorithm, and what that says. RSA signs with SHA-512. */
export async function signWithAgent(socketPath: string, publicKey: Buffer, data: Buffer): Promise<Buffer> {
  const request = Buffer.concat([Buffer.from([SIGN_REQUEST]), stringField(publicKey), stringField(data), uint32Field(RSA_SHA2_512)]);
  return (await ask(socketPath, request, SIGN_RESPONSE)).string();
}

/** One question, one answer, over a connection of its own. What ssh2 has of this knows no certificates; how an agent is reached (a pipe and Pageant on Windows) is ssh2's. */
function ask(socketPath: string, request: Buffer, expected: number): Promise<SshFields> {
  const answered = Promise.withResolvers<SshFields>();
  const refuse = (detail: string) => answered.reject(new Error(detail));
  const agent = ssh2.createAgent(socketPath);
  if (agent.getStream === undefined) throw new Error('Failed to connect to agent');
  agent.getStream((error, stream) => {
    if (error || stream === undefined) return refuse(error?.message ?? 'Failed to connect to agent');
    let received = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4) return;
      const length = received.readUInt32BE();
      if (length === 0 || length > MAX_ANSWER_BYTES) refuse('The agent’s answer is none of an agent');
      else if (received.length < 4 + length) return;
      else if (received[4] === expected) answered.resolve(new SshFields(received.subarray(5, 4 + length)));
      else refuse('The agent refused');
      stream.destroy();
    });
    stream.on('error', (failure: Error) => refuse(failure.message));
    stream.on('close', () => refuse('The agent closed the connection'));
    stream.write(stringField(request));
  });
  return answered.promise;
}
