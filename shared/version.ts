/** Firebreak's own version; a test holds it against package.json. */
export const FIREBREAK_VERSION = '0.1.0';
