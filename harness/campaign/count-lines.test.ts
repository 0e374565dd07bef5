import { expect, it } from 'vitest'
import { countLines } from './count-lines.ts'

it.each([
  [0, ''],
  [0, '\n  \n// a comment\n/** one */\n'],
  [2, 'const a = 1 // why\n\nconst b = 2'],
  [1, '/**\n * Says what.\n *\n */\nconst a = 1\n'],
  [1, "fetch('http://server.test') /* with a comment */\n"],
  [2, '/* a\n b */\nconst a = 1\n/* c */\nconst b = 2'],
])('counts %i lines of code', (count, source) => {
  expect(countLines(source)).toBe(count)
})
