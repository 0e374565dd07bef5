import { expect, it } from 'vitest'
import { TRACE_CHANNELS, type TraceChannel } from '../../core/trace.ts'
import { allToxics } from '../../link/testing/toxics.ts'
import { handDriven, markedMessage } from '../../testing/by-hand.ts'
import tinyClient from '../../testing/tiny-client.ts'
import tinyServer from '../../testing/tiny-server.ts'
import { recordedTrace } from '../../testing/trace.ts'
import { simWorld } from './index.ts'

const toxics = await allToxics()

async function traced(...channels: TraceChannel[]) {
  const trace = recordedTrace(...channels)
  const nodes = { client: tinyClient, server: tinyServer }
  const setting = { scenario: handDriven, ...nodes, seed: 1, timeScale: 1 }
  const stage = await simWorld({ toxics }).open({ ...setting, trace })
  return { stage, lines: trace.lines }
}

it('traces one message on http and db, from the client to the server and back', async () => {
  const { stage, lines } = await traced('http', 'db')
  stage.device('ana').perform(markedMessage('ana', 'hello'))
  await stage.until(5000)
  expect(lines.map((line) => line.replace(/\d+ bytes/, 'N bytes'))).toEqual([
    'db ana committed: put into drafts',
    'http ana ana-r1 sent: POST /items, N bytes',
    'http server ana-r1 received',
    'db server committed: put into items',
    'http server ana-r1 answered: 201',
    'http ana ana-r1 ended: 201, N bytes',
    'db ana committed: put into drafts',
  ])
  await stage.close()
})

it('traces the timers that the client sets and that fire', async () => {
  const { stage, lines } = await traced('timers')
  stage.device('ana').perform(markedMessage('ana', 'hello'))
  await stage.until(10)
  expect(lines.filter((line) => line.startsWith('timers ana'))).toEqual([
    'timers ana timer 1 set for 0 ms',
    'timers ana timer 2 set for 0 ms',
    'timers ana timer 1 fires',
    'timers ana timer 2 fires',
  ])
  await stage.close()
})

it('traces toxics, connections and the state of a link', async () => {
  const { stage, lines } = await traced('link')
  const link = stage.link('ana')
  await link.addToxic('slow', {
    type: 'latency',
    stream: 'upstream',
    toxicity: 1,
    attributes: { latency: 100, jitter: 0 },
  })
  await link.removeToxic('slow')
  await link.enable(false)
  stage.device('ana').perform(markedMessage('ana', 'refused'))
  await stage.until(1000)
  await link.enable(true)
  await stage.until(5000)
  expect(lines.slice(0, 6)).toEqual([
    'link ana toxic slow added: latency upstream, latency 100, jitter 0, toxicity 1',
    'link ana toxic slow removed',
    'link ana disabled',
    'link ana connection refused',
    'link ana enabled',
    'link ana connection 0: opened',
  ])
  await stage.close()
})

it('traces a toxic that acts on a message', async () => {
  const { stage, lines } = await traced('link')
  await stage.link('ana').addToxic('slow', {
    type: 'latency',
    stream: 'downstream',
    toxicity: 1,
    attributes: { latency: 100, jitter: 0 },
  })
  stage.device('ana').perform(markedMessage('ana', 'hello'))
  await stage.until(5000)
  const ofToxic = lines.filter((line) => line.startsWith('link ana connection 0 downstream slow'))
  expect(ofToxic.map((line) => line.replace(/\d+ bytes/, 'N bytes'))).toEqual([
    'link ana connection 0 downstream slow: N bytes in, holds for 100 ms',
    'link ana connection 0 downstream slow: N bytes out',
    'link ana connection 0 downstream slow: end in, closes',
  ])
  await stage.close()
})

it('writes nothing on a channel that is off', async () => {
  const { stage, lines } = await traced()
  stage.device('ana').perform(markedMessage('ana', 'hello'))
  await stage.link('ana').enable(false)
  await stage.until(5000)
  expect(lines).toEqual([])
  await stage.close()
})

it('plays the same with a trace as without one', async () => {
  const run = async (channels: readonly TraceChannel[]) => {
    const { stage } = await traced(...channels)
    stage.device('ana').perform({ ...markedMessage('ana', 'same'), opId: 'ana-1', record: 'm1' })
    await stage.until(10_000)
    const history = await stage.history()
    await stage.close()
    return history.of('response').map(({ t, outcome }) => `${t} ${outcome}`)
  }
  expect(await run(TRACE_CHANNELS)).toEqual(await run([]))
})
