import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joined, utf8Bytes, utf8Text } from '../codec/bytes.ts'
import { anyCuts, httpBytes, inPieces } from '../codec/testing/pieces.ts'
import { frameBytes, OPCODE } from '../codec/websocket.ts'
import type { Interception, InterceptionAct } from '../core/interception.ts'
import { FakeGateway } from './testing/fake-passage.ts'
import { FakeStream } from './testing/fake-stream.ts'

const UPGRADE = httpBytes(
  ...['GET /socket HTTP/1.1', 'tunnelproof-request: r7', 'Upgrade: websocket', '', ''],
)
const SWITCHING = httpBytes('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', '', '')
const MASK = Uint8Array.of(9, 8, 7, 6)
const message = (text: string) => frameBytes(OPCODE.text, utf8Bytes(text), MASK)
const WRITE = message('Hi ⟦m1 ana-1⟧')
const CLOSE = frameBytes(OPCODE.close, new Uint8Array(0), MASK)
const said = (text: string) => frameBytes(OPCODE.text, utf8Bytes(text))
/** Longer than the gateway waits after the arrival of a message. */
const DEALT_WITH_MS = 300

const marked = (act: InterceptionAct): Interception => ({ match: { marked: true }, act })

/** A WebSocket connection on which only what follows the handshake is listed. */
function socket(act?: InterceptionAct) {
  const at = act ? new FakeGateway().with(marked(act)) : new FakeGateway()
  const stream = new FakeStream(at)
  stream.device.data(UPGRADE)
  stream.server.data(SWITCHING)
  stream.toServer.length = 0
  stream.toDevice.length = 0
  const { device, server, toServer, toDevice } = stream
  return { at, device, server, toServer, toDevice }
}

describe('WebSocket messages at the gateway', () => {
  it('pass in any pieces, with control frames between, if nothing acts on them', () => {
    const all = joined([
      message('one'),
      frameBytes(OPCODE.ping, utf8Bytes('?'), MASK),
      WRITE,
      CLOSE,
    ])
    const none: InterceptionAct = { type: 'reset', moment: 'before' }
    fc.assert(
      fc.property(anyCuts, anyCuts, (cutsOut, cutsIn) => {
        const { at, device, server, toServer, toDevice } = socket(none)
        at.gateway.remove('a')
        for (const piece of inPieces(all, cutsOut)) device.data(piece)
        for (const piece of inPieces(said('hello'), cutsIn)) server.data(piece)
        expect(toServer.join('')).toBe(utf8Text(all))
        expect(toDevice.join('')).toBe(utf8Text(said('hello')))
      }),
      { numRuns: 30 },
    )
  })

  it('have the id of the upgrade and a number, and the method MESSAGE', () => {
    const { at, device, toDevice } = socket()
    at.gateway.add('a', {
      match: { method: 'MESSAGE', path: '/socket', device: 'ana', nth: 1 },
      act: { type: 'reset', moment: 'before' },
    })
    device.data(message('one'))
    expect(at.recorded).toEqual([{ requestId: 'r7/1', moment: 'before', act: 'reset' }])
    expect(toDevice).toEqual(['end'])
  })

  it('lose everything that the server says afterwards, until the connection breaks', async () => {
    const { at, device, server, toServer, toDevice } = socket({
      type: 'lose-response',
      breakAfter: 1000,
    })
    server.data(said('before'))
    device.data(WRITE)
    expect(toServer).toEqual([utf8Text(WRITE)])
    server.data(said('stored'))
    await at.until(DEALT_WITH_MS)
    device.data(message('more'))
    server.data(said('more'))
    expect(toServer).toEqual([utf8Text(WRITE), utf8Text(message('more'))])
    expect(toDevice).toEqual([utf8Text(said('before'))])
    expect(at.recorded).toEqual([{ requestId: 'r7/1', moment: 'after', act: 'lose-response' }])
    await at.until(2000)
    expect(toDevice.slice(1)).toEqual(['end'])
    expect(toServer.at(-1)).toBe('end')
  })

  it('are delayed before the server has them, and keep their order', async () => {
    const { at, device, toServer } = socket({ type: 'delay', moment: 'before', ms: 100 })
    device.data(joined([WRITE, message('behind'), CLOSE]))
    expect(toServer).toEqual([])
    await at.until(100)
    expect(toServer.join('')).toBe(utf8Text(joined([WRITE, message('behind'), CLOSE])))
  })

  it('arrive although the device has closed meanwhile', async () => {
    const { at, device, toServer } = socket({ type: 'delay', moment: 'before', ms: 100 })
    device.data(joined([WRITE, message('behind')]))
    device.closed('end')
    await at.until(100)
    expect(toServer.join('')).toBe(`${utf8Text(joined([WRITE, message('behind')]))}end`)
  })

  it('delay what the server says after them', async () => {
    const { at, device, server, toDevice } = socket({ type: 'delay', moment: 'after', ms: 500 })
    device.data(WRITE)
    server.data(said('stored'))
    await at.until(DEALT_WITH_MS)
    expect(toDevice).toEqual([])
    await at.until(1000)
    expect(toDevice).toEqual([utf8Text(said('stored'))])
    server.data(said('later'))
    expect(toDevice[1]).toBe(utf8Text(said('later')))
  })

  it.each(['before', 'after'] as const)('break the connection %s they arrive', async (moment) => {
    const { at, device, toServer, toDevice } = socket({ type: 'reset', moment })
    device.data(joined([WRITE, message('behind')]))
    await at.until(DEALT_WITH_MS)
    expect(toServer.join('').includes(utf8Text(WRITE))).toBe(moment === 'after')
    expect(toDevice).toEqual(['end'])
  })

  it('kill a node, and are then passed on or break off as requests do', async () => {
    const killed = socket({ type: 'kill', moment: 'before', node: 'server' })
    killed.device.data(WRITE)
    await killed.at.until(DEALT_WITH_MS)
    expect(killed.at.killed).toEqual(['server'])
    expect(killed.toServer).toEqual(['end'])
    const after = socket({ type: 'kill', moment: 'after', node: 'server' })
    after.device.data(WRITE)
    expect(after.at.killed).toEqual([])
    after.server.data(said('stored'))
    await after.at.until(DEALT_WITH_MS)
    expect(after.at.killed).toEqual(['server'])
    expect(after.toDevice).toEqual(['end'])
  })

  it('are not responded to: nobody could', () => {
    const replacement = { status: 503, headers: {}, body: { text: '' } }
    const { at, device, toServer } = socket({ type: 'respond', moment: 'before', replacement })
    device.data(WRITE)
    expect(toServer).toEqual([utf8Text(WRITE)])
    expect(at.recorded).toEqual([])
  })

  it('are read as nothing on a connection that speaks another protocol', () => {
    const at = new FakeGateway().with(marked({ type: 'reset', moment: 'before' }))
    const stream = new FakeStream(at)
    stream.device.data(UPGRADE)
    stream.server.data(httpBytes('HTTP/1.1 101 Switching Protocols', 'Upgrade: other', '', ''))
    stream.device.data(WRITE)
    stream.server.data(utf8Bytes('anything'))
    expect(stream.toServer.at(-1)).toBe(utf8Text(WRITE))
    expect(stream.toDevice.at(-1)).toBe('anything')
  })
})
