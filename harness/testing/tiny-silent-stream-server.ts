import type { ServerDefinition } from '../core/server.ts'
import tinyStreamServer from './tiny-stream-server.ts'

/** The tiny server of connections of bytes, which shows only what it holds. */
export default {
  ...tinyStreamServer,
  name: 'tiny-silent-stream',
  tells: 'holdings',
  module: import.meta.url,
} satisfies ServerDefinition
