import { existsSync } from 'node:fs'
import { get as getHttp, type IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'
import { resolve } from 'node:path'
import { messageOf, Problem } from '../../core/problem.ts'
import type {
  HeldItem,
  RunningProgram,
  ServerDefinition,
  ServerProgram,
} from '../../core/server.ts'
import type { Choice } from './pick-client.ts'
import { shellWords } from './shell-words.ts'
import { isFilePath, loadUserModule, userFile } from './user-module.ts'

type Dump = ServerProgram['dump']

/** Returns true if the value of `--server` is the command of a program. */
export const isProgramServer = (argument: string): boolean => argument.startsWith('exec:')

/**
 * Reads `--server exec:COMMAND` with `--dump`. The command runs in `cwd`; in its words $PORT, $HOST
 * and $DATA_DIR are replaced.
 */
export async function programServer(
  argument: string,
  dump: string | undefined,
  cwd: string,
): Promise<Choice<ServerDefinition>> {
  const command = shellWords(argument.slice('exec:'.length))
  if (command.length === 0)
    throw new Problem(
      "--server exec: expects a program, such as 'exec:npm start'; got nothing after the colon",
    )
  if (dump === undefined)
    throw new Problem(
      `--server ${argument} expects --dump as well, which tells what the server holds: ` +
        "a module ('./dump.ts'), a URL, or a path on the server ('/dump')",
    )
  const read = await pickDump(dump, cwd)
  const definition: ServerDefinition = {
    name: argument,
    title: 'a program that listens',
    tells: 'holdings',
    program: { command, cwd, dump: read },
    create: () => {
      throw new Problem(`${argument} is a program: it is played on the wire only`)
    },
  }
  return { definition, source: argument }
}

/** Returns the value of `--dump` so that it means the same in any folder. */
export const dumpSource = (dump: string, cwd: string): string =>
  isModule(dump) ? resolve(cwd, dump) : dump

const isUrl = (dump: string) => /^https?:\/\//.test(dump)

/** '/dump' is a path on the server, unless there is such a file. */
const isModule = (dump: string) =>
  !isUrl(dump) && (dump.startsWith('/') ? existsSync(dump) : isFilePath(dump))

async function pickDump(dump: string, cwd: string): Promise<Dump> {
  if (isModule(dump)) {
    const { value } = await loadUserModule(userFile(dump, cwd, '--dump'))
    if (typeof value === 'function') return value as Dump
    throw new Problem(
      `--dump ${dump} expects a function as its default export: ` +
        '({ url, folder }) => [{ collection, id, content }, …]',
    )
  }
  if (isUrl(dump) && URL.canParse(dump)) return () => getItems(dump)
  if (dump.startsWith('/')) return ({ url }: RunningProgram) => getItems(`${url}${dump}`)
  throw new Problem(
    `--dump expects a module ('./dump.ts'), a URL, or a path on the server ('/dump'); got '${dump}'`,
  )
}

/** In bytes: more than a test ever writes. */
const DUMP_MAX = 64 * 1024 * 1024

/** On a connection of its own: a kept one may have died with the server, unnoticed. */
function getItems(url: string): Promise<HeldItem[]> {
  const options = { agent: false, rejectUnauthorized: false }
  const get = url.startsWith('https:') ? getHttps : getHttp
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(new Problem(`GET ${url}: ${messageOf(error)}`))
    get(url, options, (response) => {
      readItems(response).then(resolve, fail)
    }).on('error', fail)
  })
}

async function readItems(response: IncomingMessage): Promise<HeldItem[]> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part)
    length += part.length
    if (length > DUMP_MAX) throw new Problem(`expected at most ${DUMP_MAX / 1024 / 1024} MB`)
  }
  const text = Buffer.concat(parts).toString('utf8')
  if (response.statusCode !== 200)
    throw new Problem(`expected status 200 and a list in JSON, got ${response.statusCode}`)
  try {
    return JSON.parse(text) as HeldItem[]
  } catch {
    throw new Problem(`expected a list in JSON, got ${JSON.stringify(text.slice(0, 80))}`)
  }
}
