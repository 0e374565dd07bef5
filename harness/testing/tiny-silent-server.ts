import { sleep } from '../core/ports/clock.ts'
import type { ServerDefinition, ServerDump } from '../core/server.ts'
import tinyServer from './tiny-server.ts'

/** A way in which the dump misbehaves while the server holds a message that begins so. */
export type DumpTrouble = 'dump throws' | 'dump rejects' | 'dump never comes' | 'dump is wrong'

/**
 * The tiny server without reports: only its dump shows what it holds, and comes late. A message
 * that begins with the text of a {@link DumpTrouble} makes the dump misbehave.
 */
const tinySilentServer: ServerDefinition = {
  name: 'tiny-silent',
  title: 'the smallest correct server, which reports nothing',
  tells: 'holdings',
  module: import.meta.url,
  create: (ports, setup) => {
    const server = tinyServer.create(
      { ...ports, recorder: { emit: () => {} } },
      { ...setup, recordedThrough: Number.MAX_SAFE_INTEGER },
    )
    return {
      handle: (request) => server.handle(request),
      dump: () => {
        const dump = server.dump()
        const holds = (trouble: DumpTrouble) =>
          dump.rows.some(({ content }) => String(content?.text).startsWith(trouble))
        if (holds('dump throws')) throw new Error('no dump, as asked')
        if (holds('dump rejects')) return Promise.reject(new Error('no dump, as asked'))
        if (holds('dump never comes')) return new Promise(() => {})
        if (holds('dump is wrong')) return { ...dump, epoch: 7 } as unknown as ServerDump
        return sleep(ports.clock, 200).then(() => dump)
      },
    }
  },
}

export default tinySilentServer
