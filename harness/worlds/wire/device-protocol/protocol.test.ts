import { describe, expect, it } from 'vitest'
import { readEvent, readMessage } from './protocol.ts'

describe('what a process says', () => {
  it('is read as a message, the event left for its own check', () => {
    expect(
      readMessage('{"type":"event","t":12.5,"event":{"type":"saved","op":"ana-1","durable":true}}'),
    ).toEqual({
      type: 'event',
      t: 12.5,
      event: { type: 'saved', op: 'ana-1', durable: true },
    })
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
  ])('is garbage in one short line: %.20s', (line) => {
    const message = readMessage(line)
    expect(message.type).toBe('invalid')
    expect(JSON.stringify(message).length).toBeLessThan(400)
    expect(JSON.stringify(message)).not.toContain('\\n')
  })

  it('keeps the number that a commit has of its own', () => {
    const commit = {
      type: 'serverCommit',
      position: 7,
      epoch: 'e',
      write: 'create',
      collection: 'c',
      record: 'r',
      version: 1,
      head: 0,
      author: 'ana',
    }
    expect(readEvent(commit, 'server')).toMatchObject({ position: 7 })
  })

  it('speaks for itself only', () => {
    expect(readEvent({ type: 'crash', incarnation: 1, by: 'scenario' }, 'device')).toMatchObject({
      type: 'error',
      message: expect.stringContaining("'crash'"),
    })
    expect(readEvent({ type: 'saved', op: 'ana-1', durable: true }, 'server')).toMatchObject({
      type: 'error',
    })
    expect(readEvent({ type: 'saved', op: 'ana-1' }, 'device')).toMatchObject({
      type: 'error',
      message: expect.stringContaining('durable'),
    })
  })
})
