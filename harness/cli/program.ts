import { Command } from 'commander'
import { TRACE_CHANNELS } from '../core/trace.ts'
import { toolName } from './catalog/home.ts'
import { exitCodeList } from './exit-codes.ts'
import type { Io } from './io.ts'
import {
  collected,
  eachOnce,
  SEED_MAX,
  seedRange,
  timeScale,
  toxiproxyChoice,
  traceChannels,
  undecidedChoice,
  wholeNumber,
  wireChoice,
  worldChoice,
} from './options.ts'

/** The examples that --help shows, each with its purpose. A test parses every one. */
export const EXAMPLES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  tunnelproof: [
    [
      'npx tunnelproof run',
      'plays every scenario with the reference client, in the sim, then over real TCP',
    ],
    ['npx tunnelproof run tunnel --client interview/naive', 'shows what a user in a tunnel loses'],
    ['npx tunnelproof list', 'lists scenarios, clients, servers, invariants, faults and more'],
  ],
  run: [
    ['npx tunnelproof run', 'everything'],
    [
      'npx tunnelproof run "partition-*" --world sim',
      'some scenarios, in the sim only: needs seconds',
    ],
    [
      'npx tunnelproof run lost-ack --client interview/worker --server naive',
      'a server that forgets idempotency keys',
    ],
    [
      'npx tunnelproof run --client ./my-client.ts --out tunnelproof-report',
      'a client of your own',
    ],
    [
      'npx tunnelproof run --client "exec:python3 my_client.py" --world wire',
      'a client in any language',
    ],
    [
      'npx tunnelproof run --server "exec:npm start" --dump ./dump.ts --world wire',
      'a server in any language',
    ],
    [
      'npx tunnelproof run --toxiproxy http://127.0.0.1:8474 --time-scale 20',
      'through a Toxiproxy that is already running, and slower',
    ],
    [
      'npx tunnelproof run --world sim --client interview/naive --client interview/worker',
      'several clients side by side',
    ],
    ['npx tunnelproof run --reporter terminal,junit', 'the reports that a CI needs'],
    [
      'npx tunnelproof run flaky --world sim --seeds 1..50',
      'one scenario with fifty seeds: needs seconds',
    ],
    [
      'npx tunnelproof run lost-ack --world sim --trace http,db',
      'each request and transaction, on stderr',
    ],
  ],
  replay: [
    ['npx tunnelproof replay reports/out/latest', 'plays again the scenarios that did not pass'],
    [
      'npx tunnelproof replay reports/out/latest keep-race --world sim',
      'plays one scenario again, and compares the histories',
    ],
  ],
  matrix: [
    ['npx tunnelproof matrix', 'every row; what fails in the sim on the wire, too'],
    ['npx tunnelproof matrix clients/guests/pouchdb --update', 'one library, and accept it'],
    ['npx tunnelproof matrix --seeds 1..10 --wire none', 'more seeds, in the sim only'],
  ],
  toxiproxy: [['npx tunnelproof toxiproxy --port 8474', 'a Toxiproxy that needs no installation']],
}

function examples(command: string): string {
  const lines = (EXAMPLES[command] ?? []).map(
    ([line, purpose]) => `  $ ${line}\n      ${purpose}\n`,
  )
  return `\nExamples:\n${lines.join('')}`
}

const EXIT_CODES = `
Exit codes:
${exitCodeList()
  .map(({ codes, meaning }) => `  ${codes}  ${meaning}`)
  .join('\n')}`

const MATRIX_EXIT_CODES = `
Exit codes: 0 all as expected, 1 a cell is not, 2 a row could not be played, 64 bad usage`

const CHANNELS = TRACE_CHANNELS.join(', ')
const TRACE_HELP = `print what happens inside on stderr: any of ${CHANNELS}, separated by commas`

const TIMEOUT_HELP =
  'the real time after which a run ends (default: 120 in the sim, none on the wire)'
const UNDECIDED_HELP = 'fail: a run that is undecided has the exit code 2; warn: it is only shown'
const seed = wholeNumber('--seed', 0, SEED_MAX)
const timeout = wholeNumber('--timeout', 1, 86_400)

/** Builds the command tree. `done` receives the exit code of the command that ran. */
export function program(io: Io, done: (exitCode: number) => void): Command {
  const root = new Command('tunnelproof')
  root
    .description(
      'Jepsen for apps that go through tunnels: drives an offline-first client and its server ' +
        'through\ntunnels, flaky links, partitions and crashes, and reports what was lost.',
    )
    .version(toolName().split(' ')[1] ?? '', '-v, --version')
    .addHelpText('after', `${examples('tunnelproof')}${EXIT_CODES}`)

  root
    .command('run')
    .description('play scenarios, judge their histories, write reports')
    .argument('[scenario...]', 'names, globs over names, or your own files; default: all')
    .option(
      '--world <world>',
      'sim (virtual time), wire (processes, SQLite, TCP through Toxiproxy) or both',
      worldChoice,
      'both',
    )
    .option(
      '--client <client>',
      "a name that list shows, a module ('./my-client.ts'), a program's JSON, 'exec:PROGRAM', or " +
        "'browser:FILE'; several are played side by side (default: reference)",
      collected,
    )
    .option(
      '--server <server>',
      "a name that list shows, a module, or 'exec:PROGRAM' with --dump",
      'dedup',
    )
    .option(
      '--dump <source>',
      "what a server that is a program holds: a module, a URL, or a path on it ('/dump')",
    )
    .option(
      '--toxiproxy <which>',
      'auto, embedded, binary, docker or a URL; ' +
        'auto: TOXIPROXY_URL, TOXIPROXY_BIN, the PATH, embedded',
      toxiproxyChoice,
      'auto',
    )
    .option(
      '--time-scale <n>',
      "scenario milliseconds per real millisecond on the wire (default: the scenario's own)",
      timeScale,
    )
    .option('--seed <n>', 'the seed of everything random (default: 1)', seed)
    .option('--seeds <a..b>', 'plays each scenario with each of these seeds', seedRange)
    .option(
      '--jobs <n>',
      'scenarios that the sim plays at a time (default: one per core)',
      wholeNumber('--jobs', 1, 64),
    )
    .option('--timeout <seconds>', TIMEOUT_HELP, timeout)
    .option('--undecided <fail|warn>', UNDECIDED_HELP, undecidedChoice, 'fail')
    .option('--reporter <names>', 'separated by commas (default: all that list shows)')
    .option(
      '--out <folder>',
      'the folder to write to (default: reports/out/TIME in a clone, ' +
        'tunnelproof-report/TIME elsewhere; `latest` links to it)',
    )
    .option('--trace <channels>', TRACE_HELP, traceChannels)
    .addHelpText('after', `${examples('run')}${EXIT_CODES}`)
    .action(async (scenarios: string[], options) => {
      const { runCommand } = await import('./commands/run.ts')
      done(await runCommand({ scenarios, ...options }, io))
    })

  root
    .command('list')
    .description(
      'list scenarios, clients, servers, invariants, faults, effects, toxics and reporters',
    )
    .action(async () => {
      const { listCommand } = await import('./commands/list.ts')
      done(await listCommand(io))
    })

  root
    .command('replay')
    .description('play scenarios of a run again: those that did not pass, or the named ones')
    .argument('<run-folder>', 'the folder that a run wrote')
    .argument('[scenario...]', 'names or globs')
    .option(
      '--world <world>',
      'only the scenarios that were played in the sim, or on the wire',
      worldChoice,
      'both',
    )
    .option('--client <name>', 'only the runs of this client')
    .option('--seed <n>', 'only the runs with this seed', seed)
    .option('--toxiproxy <which>', 'as for run (default: as recorded)', toxiproxyChoice)
    .option('--jobs <n>', 'as for run', wholeNumber('--jobs', 1, 64))
    .option('--timeout <seconds>', 'as for run', timeout)
    .option('--undecided <fail|warn>', 'as for run', undecidedChoice, 'fail')
    .option('--reporter <names>', 'as for run')
    .option('--out <folder>', 'as for run')
    .option('--trace <channels>', 'as for run', traceChannels)
    .addHelpText('after', examples('replay'))
    .action(async (folder: string, scenarios: string[], options) => {
      const { replayCommand } = await import('./commands/replay.ts')
      done(await replayCommand({ folder, scenarios, ...options }, io))
    })

  root
    .command('matrix')
    .description('play libraries through the scenarios of the matrix, compare with expected.json')
    .argument('[folder]', 'a folder of guests, or one of them', 'clients/guests')
    .option('--seeds <a..b>', 'the seeds of each cell in the sim', seedRange, [1, 2, 3])
    .option(
      '--wire <which>',
      'the cells to play on the wire as well: none, failing or all',
      wireChoice,
      'failing',
    )
    .option('--update', 'write what was found into the expected.json of each row')
    .option('--write-readme', "write the tables into the folder's README.md, between its markers")
    .option('--digests', 'play the sim only, and print a hash over the histories of each row')
    .option('--toxiproxy <which>', 'as for run', toxiproxyChoice, 'auto')
    .option('--jobs <n>', 'as for run', wholeNumber('--jobs', 1, 64))
    .option('--timeout <seconds>', 'as for run', timeout)
    .option('--out <folder>', 'as for run')
    .addHelpText('after', `${examples('matrix')}${MATRIX_EXIT_CODES}`)
    .action(async (folder: string, options) => {
      const { matrixCommand } = await import('./commands/matrix.ts')
      done(await matrixCommand({ folder, ...options }, io))
    })

  root
    .command('toxiproxy')
    .description(
      'start the embedded Toxiproxy alone: the HTTP API and the toxics of Toxiproxy 2.12',
    )
    .option('--host <address>', 'the address that its API listens on', '127.0.0.1')
    .option(
      '--port <n>',
      'the port of its API; 0: any free one',
      wholeNumber('--port', 0, 65_535),
      8474,
    )
    .addHelpText('after', examples('toxiproxy'))
    .action(async (options) => {
      const { toxiproxyCommand } = await import('./commands/toxiproxy.ts')
      done(await toxiproxyCommand(options, io))
    })

  // Set last, so that subcommands have it too: Commander may neither exit nor write by itself.
  for (const command of [root, ...root.commands]) {
    command.exitOverride().configureOutput({ writeOut: (text) => io.out(text), writeErr: () => {} })
    eachOnce(command)
  }
  return root
}
