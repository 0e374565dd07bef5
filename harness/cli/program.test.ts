import { expect, it } from 'vitest'
import { shellWords } from './catalog/shell-words.ts'
import { EXAMPLES, program } from './program.ts'
import { tunnelproof } from './testing/run-command.ts'

const silent = { cwd: '/', env: {}, interactive: false, color: false, out: () => {}, err: () => {} }
const examples = Object.values(EXAMPLES).flatMap((list) => list.map(([line]) => line))

it.each(examples)('the example of --help parses: %s', (line) => {
  const [npx, bin, ...argv] = shellWords(line)
  expect([npx, bin]).toEqual(['npx', 'tunnelproof'])
  const tree = program(silent, () => {})
  let parsed = false
  for (const command of tree.commands) {
    command.action(() => {
      parsed = true
    })
  }
  tree.parse(argv, { from: 'user' })
  expect(parsed).toBe(true)
})

it.each([...Object.keys(EXAMPLES)])('--help of %s shows its examples', async (command) => {
  const argv = command === 'tunnelproof' ? ['--help'] : [command, '--help']
  const { exitCode, out, err } = await tunnelproof('/', ...argv)
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
  for (const [line] of EXAMPLES[command] ?? []) expect(out).toContain(line)
})

it('--version prints the version', async () => {
  expect(await tunnelproof('/', '--version')).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  })
})
