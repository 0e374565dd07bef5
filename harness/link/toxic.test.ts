import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { VirtualClock } from '../core/ports/virtual-clock.ts'
import { seededRandom } from '../core/random.ts'
import { LinkProxy } from './proxy.ts'
import { RecordingSink } from './testing/rig.ts'
import { defineToxic } from './toxic.ts'

const blackhole = defineToxic({
  type: 'blackhole',
  attributes: {},
  attach: () => ({ start: () => ({ onChunk: () => {} }) }),
})

it('the example of Toxic drops every chunk and passes on the end', () => {
  const clock = new VirtualClock()
  const toxics = new Map([[blackhole.type, blackhole]])
  const proxy = new LinkProxy({ clock, random: seededRandom(1) }, toxics)
  proxy.addToxic({ type: 'blackhole', stream: 'upstream' })
  const [client, server] = [new RecordingSink(clock), new RecordingSink(clock)]
  const connection = proxy.connect({ client, server })
  connection.client.write(new Uint8Array(5))
  connection.client.end()
  expect(server.chunks).toEqual([])
  expect(server.closed?.by).toBe('FIN')
})

it('the example of Toxic is shown as it is tested', () => {
  const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')
  const [example = ''] = /export default defineToxic[\s\S]*?\* \}\)/.exec(read('./toxic.ts')) ?? []
  const shown = example.replaceAll('\n * ', '\n').replace('export default', 'const blackhole =')
  expect(shown).toContain('onChunk')
  expect(read('./toxic.test.ts')).toContain(shown)
})
