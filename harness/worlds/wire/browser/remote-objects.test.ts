import { expect, it } from 'vitest'
import { consoleLevel, exceptionText, remoteText } from './remote-objects.ts'

it('shows the arguments of a console method without stacks, which name ports', () => {
  const args = [
    { type: 'string', value: 'sent' },
    { type: 'number', value: 2 },
    { type: 'object', description: 'Error: no\n    at http://127.0.0.1:4711/sw.js:1:2' },
    { type: 'object', description: 'Array(3)' },
    { type: 'undefined' },
  ]
  expect(remoteText(args)).toBe('sent 2 Error: no Array(3) undefined')
})

it.each([
  ['log', 'info'],
  ['warning', 'warn'],
  ['assert', 'error'],
  ['debug', 'debug'],
  ['table', 'info'],
])('the console method %s has the level %s', (type, level) => {
  expect(consoleLevel(type)).toBe(level)
})

it.each([
  [{ text: 'Uncaught', exception: { description: 'Error: no\n    at f' } }, 'Error: no'],
  [
    { text: 'Uncaught (in promise)', exception: { type: 'string', value: 'no' } },
    'Uncaught (in promise): no',
  ],
  [{ text: 'Script error' }, 'Script error'],
])('an exception %j is shown as %s', (exceptionDetails, text) => {
  expect(exceptionText({ exceptionDetails })).toBe(text)
})
