import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { crashCauseIn } from './crash-cause.ts'

const here = (path: string) => join(process.cwd(), path)

it.each([
  [
    'the last line of a Python traceback',
    `starting
Traceback (most recent call last):
  File "my_client.py", line 9, in <module>
    action["content"]["conversation"]
KeyError: 'conversation'
`,
    { message: "KeyError: 'conversation'" },
  ],
  [
    'the error of a Node program, with the first place in its own files',
    `${here('clients/mine.mjs')}:3
  throw new TypeError('boom')
  ^

TypeError: boom
    at Object.get (${here('node_modules/lib/index.js')}:1:2)
    at node:internal/timers:581:17
    at step (${here('clients/mine.mjs')}:3:9)
    at ${pathToFileURL(here('clients/main.mjs')).href}:7:1

Node.js v20.20.2
`,
    { message: 'TypeError: boom', frame: 'clients/mine.mjs:3:9' },
  ],
  [
    'a frame with a URL, and an error with a code',
    `Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'x'
    at ${pathToFileURL(here('a b.mjs')).href}:7:1 {
    at ${pathToFileURL(here('a b.mjs')).href}:7:1
`,
    { message: "Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'x'", frame: 'a b.mjs:7:1' },
  ],
  [
    'that Node ran out of memory',
    `<--- Last few GCs --->
[1:0x1]  1 ms: Mark-Compact 3, current mu = 0.654) allocation failure
FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----
 1: 0xb8d0a3 node::OOMErrorHandler
`,
    { message: 'JavaScript heap out of memory' },
  ],
  [
    'the exception of a Java program',
    `Exception in thread "main" java.lang.IllegalStateException: closed
\tat Main.main(Main.java:3)
`,
    { message: 'Exception in thread "main" java.lang.IllegalStateException: closed' },
  ],
  [
    'the panic of a Go program',
    'panic: no row\n\ngoroutine 1 [running]:\n',
    { message: 'panic: no row' },
  ],
  ['the last line of anything else', 'one\nau revoir\n\n', { message: 'au revoir' }],
  ['nothing', '', { message: '' }],
])('crashCauseIn finds %s', (_, stderr, cause) => {
  expect(crashCauseIn(stderr)).toEqual(cause)
})
