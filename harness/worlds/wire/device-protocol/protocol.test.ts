import { describe, expect, it } from 'vitest'
import { readEvent, readMessage } from './protocol.ts'

describe('reading the lines of a process', () => {
  it('parses a message, and leaves its event for readEvent', () => {
    expect(
      readMessage(
        '{"type":"event","t":12.5,"event":{"type":"saved","opId":"ana-1","durable":true}}',
      ),
    ).toEqual({
      type: 'event',
      t: 12.5,
      event: { type: 'saved', opId: 'ana-1', durable: true },
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
  ])('explains an invalid line in one short line: %.20s', (line) => {
    const message = readMessage(line)
    expect(message.type).toBe('invalid')
    expect(JSON.stringify(message).length).toBeLessThan(400)
    expect(JSON.stringify(message)).not.toContain('\\n')
  })

  it('keeps the position of a commit', () => {
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

  it('rejects events that only the harness or the other side may report, and invalid ones', () => {
    expect(readEvent({ type: 'crash', incarnation: 1, by: 'scenario' }, 'device')).toMatchObject({
      type: 'error',
      message: expect.stringContaining("'crash'"),
    })
    expect(readEvent({ type: 'saved', opId: 'ana-1', durable: true }, 'server')).toMatchObject({
      type: 'error',
    })
    expect(readEvent({ type: 'saved', opId: 'ana-1' }, 'device')).toMatchObject({
      type: 'error',
      message: expect.stringContaining('durable'),
    })
  })
})
