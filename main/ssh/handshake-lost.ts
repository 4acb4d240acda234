/** The peer accepted TCP and hung up before SSH began: sshd over MaxStartups does that. The one failure that is worth another try. */
export class HandshakeLost extends Error {}
