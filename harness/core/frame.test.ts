import { describe, expect, it } from 'vitest'
import { frameIn, frameOf } from './frame.ts'

const MODULE = 'file:///home/eva/app/client/index.ts'
const frame = (...lines: string[]) =>
  frameIn(['Error: x', ...lines.map((line) => `    at ${line}`)].join('\n'), MODULE)

describe('the place in the code under test', () => {
  it.each([
    ['file:///home/eva/app/client/sync.ts:12:7', 'sync.ts:12:7'],
    ['push (file:///home/eva/app/client/net/push.ts:3:1)', 'net/push.ts:3:1'],
    ['async Sync.push (/home/eva/app/client/sync.js?t=1:3:1)', 'sync.js:3:1'],
    ['async file:///home/eva/app/client/my%20sync.ts:3:1', 'my sync.ts:3:1'],
    ['C:\\lib\\x.js:3:1', 'x.js:3:1'],
    ['push (/home/eva/app/shared/api.ts:3:1)', 'shared/api.ts:3:1'],
    ['push (/opt/lib/api.ts:3:1)', 'api.ts:3:1'],
    ['x (/eva/node_modules/.pnpm/q@1/node_modules/q/i.js:3:9)', 'node_modules/q/i.js:3:9'],
  ])('names %s as %s', (line, expected) => {
    expect(frame(line)).toBe(expected)
  })

  it('is the first one in the folder of the module, below those of ports and libraries', () => {
    expect(
      frame(
        'put (file:///x/tunnelproof/harness/core/ports/memory-table.ts:1:1)',
        'save (/home/eva/app/node_modules/lib/index.js:2:2)',
        'perform (file:///home/eva/app/client/index.ts:3:3)',
      ),
    ).toBe('index.ts:3:3')
  })

  it('is in a library if no frame is in the folder of the module', () => {
    expect(
      frame(
        'node:internal/timers:1:1',
        'async node:fs/promises:1:1',
        'put (file:///x/tunnelproof/harness/worlds/host/client-host.ts:1:1)',
        'save (/home/eva/app/node_modules/lib/index.js:2:2)',
      ),
    ).toBe('node_modules/lib/index.js:2:2')
  })

  it('is unknown without a stack that names one', () => {
    expect(frame('node:internal/timers:1:1', '<anonymous>')).toBeUndefined()
    expect(frameOf('a text', MODULE)).toBeUndefined()
  })

  it('without a module, has no path at all', () => {
    expect(frameIn('Error\n    at /home/eva/app.ts:3:1', undefined)).toBe('app.ts:3:1')
  })
})
