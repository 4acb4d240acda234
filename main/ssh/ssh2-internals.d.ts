/** The one part of ssh2 that we use and it does not export. */
declare module 'ssh2/lib/protocol/utils.js' {
  const utils: { sendPacket(protocol: object, packet: Buffer): void };
  export default utils;
}
