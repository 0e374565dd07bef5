import type { ClientDefinition } from '../../core/client.ts'
import { HeldItems } from '../../core/held-items.ts'
import { messageOf, Problem } from '../../core/problem.ts'
import type { ServerDefinition, ServerProgram } from '../../core/server.ts'
import { NORMAL_SERVER } from '../../core/server-state.ts'
import type { ProcessCode } from './code/process-code.ts'
import { clientCommand, serverCommand } from './commands.ts'
import { reservePort } from './free-port.ts'
import { ProtocolProcess } from './process/protocol-process.ts'
import type { Warden } from './process/warden.ts'
import { within } from './process/within.ts'
import { ProgramProcess } from './program/program-process.ts'
import { temporaryFolder } from './temporary-folder.ts'
import {
  PREFLIGHT_TIMEOUT_MS,
  PROGRAM_DUMP_TIMEOUT_MS,
  SERVER_START_TIMEOUT_MS,
} from './timeouts.ts'

/** A client and a server that will be played together. */
export interface Subjects {
  readonly client: ClientDefinition
  readonly server: ServerDefinition
  /** The conflict policy of a scenario in which they are played. */
  readonly policy: string
}

export interface PreflightOptions {
  readonly subjects: Subjects
  readonly code: ProcessCode
  readonly warden: Warden
  /** File URL of a {@link Transport}. */
  readonly transport: string
  /** Parent of the server's folder. */
  readonly tempFolder: string
}

/**
 * Starts a client's process and a server's process once, before anything is played: an app that
 * never becomes ready would cost minutes in each scenario.
 *
 * @throws Problem in one line: what was expected, what was received, what to do
 */
export async function preflight(options: PreflightOptions): Promise<void> {
  const { subjects, code, transport } = options
  const tries = [
    repeated(() => clientCommand(subjects.client, code), tryClient, options),
    subjects.server.program
      ? tryProgram(subjects.server.program, options)
      : repeated(() => serverCommand(subjects.server, transport, code), tryServer, options),
  ]
  for (const outcome of await Promise.allSettled(tries))
    if (outcome.status === 'rejected') throw outcome.reason
}

type Try = (command: readonly string[], options: PreflightOptions) => Promise<void>

/** Tries it again if only the compiled code may be at fault: that is not used then. */
async function repeated(
  prepare: () => Promise<readonly string[]>,
  attempt: Try,
  options: PreflightOptions,
): Promise<void> {
  const command = await prepare()
  try {
    await attempt(command, options)
  } catch (error) {
    if (!(await options.code.giveUp(command))) throw error
    await attempt(await prepare(), options)
  }
}

const tryClient: Try = async (command, { subjects: { client }, warden }) => {
  const child = new ProtocolProcess(command, warden)
  try {
    await becomesReady(child, `the client '${client.name}'`)
  } finally {
    await child.kill()
  }
}

const tryServer: Try = async (command, { subjects, warden, tempFolder }) => {
  const { server, policy } = subjects
  const name = `the server '${server.name}'`
  const folder = await temporaryFolder(tempFolder, warden)
  const { port, release } = await reservePort()
  const child = new ProtocolProcess(command, warden)
  try {
    await becomesReady(child, name)
    const start = child.ask({
      type: 'start',
      port,
      folder: folder.path,
      policy,
      recordedThrough: 0,
      timeScale: 1,
      seed: 1,
      incarnation: 1,
      state: NORMAL_SERVER,
    })
    const reply = await within(SERVER_START_TIMEOUT_MS, start)
    if (reply === 'exited') throw new Problem(`${name} does not start: ${await exitOf(child)}`)
    if (typeof reply === 'object') throw new Problem(`${name} does not start: ${reply.problem}`)
    if (reply === undefined)
      throw new Problem(
        `${name} does not start: expected it to listen within ` +
          `${SERVER_START_TIMEOUT_MS / 1000} s, got no reply`,
      )
  } finally {
    await child.kill()
    release()
    await folder.remove()
  }
}

async function tryProgram(
  program: ServerProgram,
  { subjects: { server }, warden, tempFolder }: PreflightOptions,
): Promise<void> {
  const folder = await temporaryFolder(tempFolder, warden)
  const { port, release } = await reservePort()
  const process = await ProgramProcess.start({ program, port, folder: folder.path, warden })
  try {
    const failure = await process.listening()
    if (failure !== undefined)
      throw new Problem(`the server '${server.name}' does not start: ${failure}`)
    await dumpOnce(program, process, server.name)
  } finally {
    await process.kill()
    release()
    await folder.remove()
  }
}

async function dumpOnce(program: ServerProgram, process: ProgramProcess, name: string) {
  const reading = Promise.resolve()
    .then(() => program.dump(process.at))
    .then((items) => new HeldItems().dump(items))
  try {
    if (await within(PROGRAM_DUMP_TIMEOUT_MS, reading)) return
  } catch (cause) {
    throw new Problem(`the dump of the server '${name}' fails: ${messageOf(cause)}`, { cause })
  }
  const limit = `${PROGRAM_DUMP_TIMEOUT_MS / 1000} s`
  throw new Problem(`the dump of the server '${name}' does not come within ${limit}`)
}

const READY = '{"type":"ready"}'

async function becomesReady(child: ProtocolProcess, name: string): Promise<void> {
  const garbled = child.garbled.then((line) => {
    const advice = 'write logs to stderr'
    return `expected ${READY} as its first line, got ${JSON.stringify(shortened(line))}; ${advice}`
  })
  const ready = child.ready.then(async (isReady) => (isReady ? undefined : exitOf(child)))
  const late = `expected ${READY} as its first line within ${PREFLIGHT_TIMEOUT_MS / 1000} s`
  const outcome = await within(
    PREFLIGHT_TIMEOUT_MS,
    Promise.race([garbled, ready]).then((problem) => ({ problem })),
  )
  const { problem } = outcome ?? { problem: `${late}, got nothing` }
  if (problem !== undefined) throw new Problem(`${name} does not start: ${problem}`)
}

async function exitOf(child: ProtocolProcess): Promise<string> {
  const { message, frame } = await child.exited
  return `${message}${frame === undefined ? '' : ` (${frame})`}`
}

const shortened = (line: string) => (line.length > 80 ? `${line.slice(0, 80)}…` : line)
