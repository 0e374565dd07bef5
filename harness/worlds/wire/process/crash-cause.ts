import { relative } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** Why a process died, as its standard error shows it. */
export interface CrashCause {
  /** A line. Empty if the process wrote nothing. */
  readonly message: string
  /** The innermost place in a file of its own: 'my-client.mjs:12:7'. */
  readonly frame?: string
}

const OUT_OF_MEMORY = 'JavaScript heap out of memory'
/** 'TypeError: …', 'Error [ERR_X]: …', 'Exception in thread "main" java.io.IOException: …' */
const ERROR_LINE = /^[\w$."' ]*(?:Error|Exception)(?: \[\w+\])?(?::|$)/
const PANIC_LINE = /^panic: |\bpanicked at\b/
/** A frame of a JavaScript stack, with its file, or the file's URL. */
const FRAME = /^\s+at (?:.*\()?((?:file:\/\/)?\/[^()]+):(\d+):(\d+)\)?$/

/**
 * Finds the cause of a crash in the end of a program's standard error: Python's last line, the
 * first line of an error in JavaScript or Java, Node's message on memory, and otherwise the last
 * line.
 */
export function crashCauseIn(stderr: string): CrashCause {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const last = lines.at(-1)?.trim() ?? ''
  if (lines.some((line) => line.includes(OUT_OF_MEMORY))) return { message: OUT_OF_MEMORY }
  if (lines.some((line) => line.startsWith('Traceback (most recent call last)')))
    return { message: lines.findLast((line) => /^\S/.test(line))?.trim() ?? last }
  const at = lines.findIndex((line) => ERROR_LINE.test(line) || PANIC_LINE.test(line))
  const message = lines[at]?.trim()
  if (message === undefined) return { message: last }
  const frame = frameIn(lines.slice(at + 1))
  return { message, ...(frame !== undefined && { frame }) }
}

function frameIn(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const [, place = '', row, column] = FRAME.exec(line) ?? []
    if (row === undefined || place.includes('/node_modules/')) continue
    const file = place.startsWith('file:') ? fileURLToPath(place) : place
    const path = relative(process.cwd(), file)
    return `${path.startsWith('..') ? file : path}:${row}:${column}`
  }
  return undefined
}
