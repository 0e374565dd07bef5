/**
 * Plays random stories with correct clients and lists every accusation: none is expected.
 *
 *     npx tsx harness/cli/scripts/control-campaign.ts --stories 5000 --groups 'veiled;late'
 *
 * `--server silent` plays with a server that reports nothing, and only shows what it holds.
 *
 * Exits with 1 if an invariant accused a correct client. Undecided runs are counted, with their
 * most frequent reasons. `--list` prints the names of the groups instead.
 *
 * @module
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { wholeNumber } from '../options.ts'
import { CONTROL_GROUPS, CONTROL_SERVERS, controlPlayer } from '../testing/control-groups.ts'

const { values } = parseArgs({
  options: {
    stories: { type: 'string', default: '200' },
    first: { type: 'string', default: '1' },
    server: { type: 'string', default: 'dedup' },
    list: { type: 'boolean', default: false },
    groups: { type: 'string', default: Object.keys(CONTROL_GROUPS).join(';') },
  },
})
const stories = wholeNumber('--stories', 1, 1_000_000)(values.stories)
const first = wholeNumber('--first', 0, 1_000_000_000)(values.first)

const ACCUSATIONS_PRINTED_MAX = 20
const REASONS_PRINTED_MAX = 5

if (values.list) {
  console.log(Object.keys(CONTROL_GROUPS).join('\n'))
  process.exit()
}
const server = CONTROL_SERVERS[values.server]
if (!server) {
  const names = Object.keys(CONTROL_SERVERS).join(' or ')
  console.error(`--server expects ${names}; got '${values.server}'`)
  process.exit(64)
}
const play = await controlPlayer(server)
for (const group of values.groups.split(';')) {
  const undecided = new Map<string, number>()
  let accused = 0
  for (let number = first; number < first + stories; number++) {
    const remark = await play(group, number)
    if (!remark) continue
    if (remark.verdict === 'fail') {
      if (accused++ < ACCUSATIONS_PRINTED_MAX)
        console.log(`  story ${number}\n    ${remark.why.join('\n    ')}`)
    } else for (const why of remark.why) undecided.set(why, (undecided.get(why) ?? 0) + 1)
  }
  if (accused > 0) process.exitCode = 1
  const unknown = [...undecided.values()].reduce((sum, count) => sum + count, 0)
  console.log(`${group}: ${stories} stories, ${accused} accused, ${unknown} undecided`)
  const reasons = [...undecided].sort(([, a], [, b]) => b - a).slice(0, REASONS_PRINTED_MAX)
  for (const [why, count] of reasons) console.log(`  ${count} × ${why}`)
}
