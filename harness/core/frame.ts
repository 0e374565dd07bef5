/**
 * Places in the code under test, as a history keeps them: the same on every machine, so without the
 * path above the project.
 *
 * @module
 */

import { COMPILED_ENDING } from './compiled-module.ts'

export interface Frame {
  /** The absolute path, with slashes. */
  readonly path: string
  /** '12:7' */
  readonly position: string
}

/** Pattern of the harness's own folders, without those of clients and servers for tests. */
export const OWN_FOLDERS = '(cli|codec|core|effects|guest|link|run|toxiproxy|worlds)/'

/** The harness itself, and what loads modules: not code under test. */
const HARNESS = new RegExp(`/harness/${OWN_FOLDERS}|${COMPILED_ENDING.replaceAll('.', '[.]')}$`)
const LOADER = /\/node_modules\/(tsx|esbuild|vite|vitest|@vitest)\//

/**
 * Returns the place that threw: the first frame in the folder of `module` (the file URL of the
 * client or server), or else the first one in other code under test, such as a library. Undefined
 * if the value has no stack that names one.
 */
export function frameOf(error: unknown, module: string | undefined): string | undefined {
  const stack = error instanceof Error ? error.stack : undefined
  return stack === undefined ? undefined : frameIn(stack, module)
}

/** As {@link frameOf}, for a stack as V8 writes it. */
export function frameIn(stack: string, module: string | undefined): string | undefined {
  const folder = module === undefined ? undefined : moduleFolder(module)
  const frames = framesIn(stack)
  const frame =
    frames.find(({ path }) => folder !== undefined && path.startsWith(folder)) ??
    frames.find((each) => !HARNESS.test(each.path) && !isLoader(each))
  return frame && placeOf(frame, module)
}

/** The frames of a stack that are in files, the innermost first. */
export function framesIn(stack: string): Frame[] {
  return stack.split('\n').flatMap(parseFrame)
}

/** Returns a frame as a history keeps it: 'net/push.ts:3:1', 'node_modules/lib/index.js:3:9'. */
export function placeOf({ path, position }: Frame, module: string | undefined): string {
  const folder = module === undefined ? undefined : moduleFolder(module)
  return `${projectPath(path, folder)}:${position}`
}

/** Returns true for the code of what loads modules: not under test, and not the harness either. */
export const isLoader = ({ path }: Frame): boolean => LOADER.test(path)

function parseFrame(line: string): Frame[] {
  const [, place, position] = /^\s*at (?:.*? \()?(?:async )?(.+?):(\d+:\d+)\)?$/.exec(line) ?? []
  if (place === undefined || position === undefined) return []
  const path = pathOf(place)
  return path.includes('/') ? [{ path, position }] : []
}

/** The path of a file URL or a path. Names without a path, such as node:fs, stay as they are. */
function pathOf(place: string): string {
  const [plain = ''] = place.replaceAll('\\', '/').split('?')
  if (plain.startsWith('node:')) return plain.replaceAll('/', ':')
  if (!plain.startsWith('file://')) return plain
  const path = plain.slice('file://'.length)
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** The folder of a module, as in the paths of frames. */
export const moduleFolder = (module: string) => folderOf(pathOf(module))

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)

/** Returns the part of a path that is the same on every machine. */
function projectPath(path: string, folder = ''): string {
  if (folder !== '' && path.startsWith(folder)) return path.slice(folder.length)
  const library = path.lastIndexOf('/node_modules/')
  if (library >= 0) return path.slice(library + 1)
  const common = sharedFolder(path, folder)
  // A file that shares nothing but the root with the module: its folders are this machine's.
  return path.slice(common.split('/').length > 2 ? common.length : folderOf(path).length)
}

/** The longest folder that contains both. */
function sharedFolder(path: string, folder: string): string {
  let length = 0
  for (let i = 0; i < Math.min(path.length, folder.length) && path[i] === folder[i]; i++)
    if (path[i] === '/') length = i + 1
  return path.slice(0, length)
}
