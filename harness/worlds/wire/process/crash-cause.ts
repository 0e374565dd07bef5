import { isAbsolute, relative } from 'node:path'
import process from 'node:process'
import { framesIn } from '../../../core/frame.ts'
import type { CrashCause } from '../../host/crash-cause.ts'

const OUT_OF_MEMORY = 'JavaScript heap out of memory'
/** 'TypeError: …', 'Error [ERR_X]: …', 'Exception in thread "main" java.io.IOException: …' */
const ERROR_LINE = /^[\w$."' ]*(?:Error|Exception)(?: \[\w+\])?(?::|$)/
const PANIC_LINE = /^panic: |\bpanicked at\b/

/**
 * Finds the cause of a crash in the end of a program's standard error: Python's last line, the
 * first line of an error in JavaScript or Java, Node's message on memory, and otherwise the last
 * line. The message is empty if there is no line. The frame is the innermost one in a file of the
 * program's own.
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
  const frame = ownFrameIn(lines.slice(at + 1).join('\n'))
  return { message, ...(frame !== undefined && { frame }) }
}

/** The module is not known here, so places are relative to the working directory. */
function ownFrameIn(stack: string): string | undefined {
  const own = framesIn(stack).find(
    ({ path }) => isAbsolute(path) && !path.includes('/node_modules/'),
  )
  if (!own) return undefined
  const path = relative(process.cwd(), own.path)
  return `${path.startsWith('..') ? own.path : path}:${own.position}`
}
