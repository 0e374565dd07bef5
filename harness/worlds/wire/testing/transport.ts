/** File URL of a transport for tests: Node's own HTTP server. */
export const TRANSPORT = new URL('./node-transport.ts', import.meta.url).href
