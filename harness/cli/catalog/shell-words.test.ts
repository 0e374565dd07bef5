import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shellQuoted, shellWords } from './shell-words.ts'

it.each([
  ['python3 my_client.py', ['python3', 'my_client.py']],
  ['  node  "my client.js" --x=\'a b\' ', ['node', 'my client.js', '--x=a b']],
  ['a\\ b c"d\\"e"', ['a b', 'cd"e']],
  ['', []],
  ["''", ['']],
])('splits %j into words', (line, parts) => {
  expect(shellWords(line)).toEqual(parts)
})

it('quoted words are read back unchanged', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (given) => {
      expect(shellWords(given.map(shellQuoted).join(' '))).toEqual(given)
    }),
  )
})
