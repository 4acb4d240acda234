/** A variable or a column that is a secret by its name: it is neither read, offered nor shown. Paths of key files are none. */
export const isSecretName = (name: string): boolean => /pass(wd|word|phrase)?($|[_\s-])|secret|token|credential|api_?key|private_?key(?!_?(file|path))/i.test(name);
