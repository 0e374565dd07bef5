import { basename } from 'node:path'
import { frameOf } from '../../core/frame.ts'
import { messageOf } from '../../core/problem.ts'

/**
 * Returns why a module cannot be loaded, with the place if it is known:
 * 'syntax.ts:1:16: Expected identifier but found "{"'. `module` is its file URL.
 */
export function loadErrorText(cause: unknown, module: string): string {
  const message = messageOf(cause)
  const syntax = esbuildError(message)
  if (syntax !== undefined) return syntax
  const [reason = ''] = message.split('\n')
  const frame = frameOf(cause, module)
  return frame === undefined ? reason : `${frame}: ${reason}`
}

/** Reads esbuild's 'Transform failed with 1 error:\n/tmp/syntax.ts:1:16: ERROR: Expected …'. */
function esbuildError(message: string): string | undefined {
  const [, path, position, reason] = /^(.*?):(\d+:\d+): ERROR: (.*)$/m.exec(message) ?? []
  return path === undefined ? undefined : `${basename(path)}:${position}: ${reason}`
}
