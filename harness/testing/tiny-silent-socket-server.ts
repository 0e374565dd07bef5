import type { ServerDefinition } from '../core/server.ts'
import tinySocketServer from './tiny-socket-server.ts'

/** The tiny server of WebSocket connections, which shows only what it holds. */
export default {
  ...tinySocketServer,
  name: 'tiny-silent-socket',
  tells: 'holdings',
  module: import.meta.url,
} satisfies ServerDefinition
