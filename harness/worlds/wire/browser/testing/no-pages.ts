import type { ServerDefinition } from '../../../../core/server.ts'

/** A server without an app. */
const server: ServerDefinition = {
  name: 'no-pages',
  title: 'has no page',
  create: () => ({
    handle: async () => ({ status: 404, headers: {}, body: 'no such page' }),
    dump: () => ({ epoch: '1', position: 0, rows: [] }),
  }),
}

export default server
