import { describe, expect, it } from 'vitest'
import { readMessage } from './protocol.ts'

describe('reading the lines of a process', () => {
  it('parses a message, and leaves its event and its view for the intake', () => {
    const event = { type: 'saved', opId: 'ana-1', durable: 'yes' }
    expect(readMessage(JSON.stringify({ type: 'event', t: 12.5, event }))).toEqual({
      type: 'event',
      t: 12.5,
      event,
    })
    expect(readMessage('{"type":"view","view":7}')).toEqual({ type: 'view', view: 7 })
    expect(readMessage('{"type":"view"}')).toEqual({ type: 'view' })
  })

  it.each([
    'hello',
    '',
    '7',
    'null',
    '{"type":"crash"}',
    '{"type":"event"}',
    '{"type":"reply","id":"x"}',
    `"${'x'.repeat(10_000)}"`,
  ])('explains an invalid line in one short line: %.20s', (line) => {
    const message = readMessage(line)
    expect(message.type).toBe('invalid')
    expect(JSON.stringify(message).length).toBeLessThan(400)
    expect(JSON.stringify(message)).not.toContain('\\n')
  })

  it('quotes what it received, and names what it expected', () => {
    expect(readMessage('Starting up…')).toEqual({
      type: 'invalid',
      received: '"Starting up…"',
      expected: 'one message of the protocol, as JSON',
    })
    expect(readMessage('{"type":"reply","id":"x"}')).toEqual({
      type: 'invalid',
      received: 'id: "x"',
      expected: 'a number',
    })
  })
})
