import { describe, expect, it } from 'vitest'
import { ConsoleLog, hookConsole } from './console-log.ts'
import { consoleText } from './console-text.ts'

const circular: { self?: unknown } = {}
circular.self = circular
const throwing = {
  get bad() {
    throw new Error('no')
  },
}

describe('the text of console output', () => {
  it.each<[unknown[], string]>([
    [['plain', 'and', 'simple'], 'plain and simple'],
    [['%s is %d years and %i months', 'ana', 7, '3.9'], 'ana is 7 years and 3 months'],
    [['100 %'], '100 %'],
    [['%d %% of %s', 5], '5 % of %s'],
    [['%cred', 'color: red', 1], 'red 1'],
    [[1, 'b', undefined, null, true, 9n], '1 b undefined null true 9n'],
    [[{ a: 'x', 'b-c': [1, 2], d: {} }], "{ a: 'x', 'b-c': [ 1, 2 ], d: {} }"],
    [[{ a: { b: { c: { d: 1 } } } }], '{ a: { b: { c: [Object] } } }'],
    [[new Map([['k', new Set([1])]])], "Map(1) { 'k' => Set(1) { 1 } }"],
    [[new Date(0), /x/g, Symbol('s')], '1970-01-01T00:00:00.000Z /x/g Symbol(s)'],
    [[circular], '{ self: [Circular] }'],
    [[() => {}], '[Function: (anonymous)]'],
    [[new TypeError('no')], 'TypeError: no'],
    [[throwing], '[Object that cannot be shown]'],
  ])('%# is formatted as a console does it', (args, text) => {
    expect(consoleText(args, ({ name, message }) => `${name}: ${message}`)).toBe(text)
  })
})

describe('the console log', () => {
  it('records text without stacks, and logs it with them', () => {
    const events: unknown[] = []
    const logged: string[] = []
    const error = new Error('no disk')
    const log = new ConsoleLog(
      (event) => events.push(event),
      (text) => logged.push(text),
    )
    log.print('warn', ['failed:', error])
    expect(events).toEqual([{ type: 'log', level: 'warn', text: 'failed: Error: no disk' }])
    expect(logged).toEqual([`failed: ${error.stack}`])
  })

  it('keeps 2,000 characters of a line and 200 lines, and says so once', () => {
    const texts: string[] = []
    const logged: string[] = []
    const log = new ConsoleLog(
      ({ text }) => texts.push(text),
      (text) => logged.push(text),
    )
    log.print('info', ['x'.repeat(3000)])
    expect(logged[0]).toHaveLength(3000)
    for (let line = 2; line <= 300; line++) log.print('info', [`line ${line}`])
    expect(texts[0]).toBe(`${'x'.repeat(2000)}…`)
    expect(texts.slice(-2)).toEqual(['line 200', 'further lines are only in the log'])
    expect(texts).toHaveLength(201)
  })

  it('takes over the console, and gives it back', () => {
    const printed: unknown[] = []
    const before = console.log
    const unhook = hookConsole((level, args) => printed.push([level, ...args]) > 0)
    console.log('one')
    console.debug('two')
    console.assert(true, 'not printed')
    console.assert(false, 'three')
    unhook()
    expect(printed).toEqual([
      ['info', 'one'],
      ['debug', 'two'],
      ['error', 'Assertion failed', 'three'],
    ])
    expect(console.log).toBe(before)
  })
})
