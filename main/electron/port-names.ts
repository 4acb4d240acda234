/** Channels between preload and main process; the two carry ports, never data. */
export const askForPort = 'firebreak:ask-for-port';
export const givePort = 'firebreak:give-port';
