/** Cytoscape stays out of the first chunk (LIBRARIES.md, start-up). Asked for as soon as a map is wanted, it is here before the backend has answered; asked for again, it is the same. */
export const loadMapCanvas = async () => ({ default: (await import('./MapCanvas.tsx')).MapCanvas });
