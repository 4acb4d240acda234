/** The page from its beginning, over a new connection: what the backend has open is another workspace now, and nothing that this page knows is of it. */
export function loadAgain(): void {
  location.hash = '#/';
  location.reload();
}
