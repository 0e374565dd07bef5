import { constants } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { HostedChance } from '../globals/chance.ts'
import {
  bytesOf,
  encoded,
  encodingOptions,
  modeOf,
  openFlags,
  pathText,
  timeOf,
} from './arguments.ts'
import type { Disk } from './disk.ts'
import { fsError } from './fs-error.ts'
import type { DiskNode } from './node.ts'
import { OpenFiles, type Print } from './open-files.ts'
import { direntOf, statsOf } from './stats.ts'

export interface FsPlace {
  readonly disk: Disk
  readonly cwd: () => string
  readonly chance: HostedChance
  readonly print: Print
}

interface Options {
  readonly recursive?: boolean
  readonly force?: boolean
  readonly mode?: unknown
  readonly bigint?: boolean
  readonly throwIfNoEntry?: boolean
  readonly withFileTypes?: boolean
  readonly errorOnExist?: boolean
}

const FILE_MODE = 0o644
const FOLDER_MODE = 0o755

/** Node's functions of fs that act at once, on a {@link Disk}; without 'Sync' in their names. */
export type SyncFs = ReturnType<typeof syncFs>

export function syncFs({ disk, cwd, chance, print }: FsPlace) {
  const files = new OpenFiles(disk, print)
  const absolute = (path: unknown) => resolve(cwd(), pathText(path))
  const followed = (path: unknown, syscall: string, isLast = true) =>
    disk.follow(absolute(path), syscall, isLast)
  const nodeAt = (path: unknown, syscall: string, isLast = true) =>
    disk.get(followed(path, syscall, isLast), syscall, pathText(path))
  const folderAt = (path: unknown, syscall: string) => {
    const found = followed(path, syscall)
    if (disk.get(found, syscall, pathText(path)).kind !== 'folder')
      throw fsError('ENOTDIR', syscall, pathText(path))
    return found
  }
  /** Runs work on an open file: that of a descriptor, or one that is opened for it. */
  const withFile = <Result>(
    file: unknown,
    flag: unknown,
    mode: unknown,
    work: (fd: unknown) => Result,
  ): Result => {
    const open = descriptorOf(file)
    if (open !== undefined) return work(open)
    const fd = fs.open(file, flag, mode)
    try {
      return work(fd)
    } finally {
      files.close(fd)
    }
  }
  const change = (path: string, node: DiskNode, changes: Partial<DiskNode>) => {
    // A folder of the machine that became the server's would hide what is in it.
    if (node.kind === 'folder' && !disk.isOwn(path)) return
    const own = node.kind === 'file' ? disk.ownFile(path, node) : node
    Object.assign(own, changes)
    disk.changed(own)
  }
  const removeTree = (path: string) => {
    if (disk.find(path)?.kind === 'folder')
      for (const name of disk.names(path)) removeTree(join(path, name))
    disk.remove(path)
  }
  const copyTree = (from: string, to: string, options: Options) => {
    const node = disk.get(from, 'cp')
    if (node.kind === 'folder') {
      if (!options.recursive) throw fsError('EISDIR', 'cp', from)
      if (!disk.find(to)) fs.mkdir(to, { recursive: true })
      for (const name of disk.names(from)) copyTree(join(from, name), join(to, name), options)
    } else if (node.kind === 'link') disk.newLink(to, node.target)
    else if (!disk.find(to) || options.force !== false) fs.copyFile(from, to)
    else if (options.errorOnExist) throw fsError('EEXIST', 'cp', to)
  }
  const listTree = (path: string): [folder: string, name: string][] =>
    disk.names(path).flatMap((name) => {
      const child = join(path, name)
      const below = disk.find(child)?.kind === 'folder' ? listTree(child) : []
      return [[path, name] as [string, string], ...below]
    })

  const fs = {
    access(path: unknown, mode = constants.F_OK): void {
      const node = nodeAt(path, 'access')
      if (mode & constants.X_OK && node.kind === 'file' && (node.mode & 0o111) === 0)
        throw fsError('EACCES', 'access', pathText(path))
    },
    exists(path: unknown): boolean {
      try {
        return disk.find(followed(path, 'access')) !== undefined
      } catch {
        return false
      }
    },
    stat(path: unknown, { bigint, throwIfNoEntry = true }: Options = {}) {
      if (!throwIfNoEntry && !fs.exists(path)) return undefined
      return statsOf(nodeAt(path, 'stat'), bigint)
    },
    lstat(path: unknown, { bigint, throwIfNoEntry = true }: Options = {}) {
      const node = disk.find(followed(path, 'lstat', false))
      if (!node && !throwIfNoEntry) return undefined
      return statsOf(nodeAt(path, 'lstat', false), bigint)
    },
    fstat: (fd: unknown, { bigint }: Options = {}) => statsOf(files.node(fd, 'fstat'), bigint),
    statfs: () => ({ type: 0, bsize: 4096, blocks: 1e6, bfree: 5e5, bavail: 5e5, files: 1e6 }),

    open(path: unknown, flag?: unknown, mode?: unknown): number {
      const found = followed(path, 'open')
      return files.open(found, pathText(path), openFlags(flag ?? 'r'), modeOf(mode, FILE_MODE))
    },
    close: (fd: unknown) => files.close(fd),
    read(fd: unknown, buffer: Uint8Array, ...args: unknown[]): number {
      const [first, second, third] = args
      const given =
        typeof first === 'object' && first !== null
          ? (first as { offset?: number; length?: number; position?: unknown })
          : { offset: first as number, length: second as number, position: third }
      const { offset = 0, length = buffer.byteLength - offset, position } = given
      const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length)
      return files.read(fd, bytes, placeOf(position))
    },
    readv(fd: unknown, buffers: readonly Uint8Array[], position?: unknown): number {
      let done = 0
      for (const buffer of buffers) {
        const at = placeOf(position)
        const count = files.read(fd, buffer, at === undefined ? at : at + done)
        done += count
        if (count < buffer.byteLength) break
      }
      return done
    },
    write(fd: unknown, data: unknown, ...args: unknown[]): number {
      if (typeof data === 'string')
        return files.write(fd, bytesOf(data, args[1] ?? 'utf8'), placeOf(args[0]))
      const bytes = bytesOf(data)
      const [first, second, third] = args
      const given =
        typeof first === 'object' && first !== null
          ? (first as { offset?: number; length?: number; position?: unknown })
          : { offset: first as number | null, length: second as number, position: third }
      const offset = given.offset ?? 0
      const length = given.length ?? bytes.length - offset
      return files.write(fd, bytes.subarray(offset, offset + length), placeOf(given.position))
    },
    writev(fd: unknown, buffers: readonly Uint8Array[], position?: unknown): number {
      const bytes = Buffer.concat(buffers.map((buffer) => bytesOf(buffer)))
      return files.write(fd, bytes, placeOf(position))
    },
    fsync: (fd: unknown) => void files.node(fd, 'fsync'),
    fdatasync: (fd: unknown) => void files.node(fd, 'fdatasync'),
    ftruncate: (fd: unknown, size = 0) => files.truncate(fd, size ?? 0),
    truncate: (file: unknown, size = 0) =>
      withFile(file, 'r+', undefined, (fd) => files.truncate(fd, size ?? 0)),

    readFile(file: unknown, options?: unknown) {
      const given = encodingOptions(options)
      const bytes = withFile(file, given.flag ?? 'r', undefined, (fd) => files.rest(fd))
      return encoded(bytes, given)
    },
    writeFile(file: unknown, data: unknown, options?: unknown): void {
      const { encoding, flag = 'w', mode } = encodingOptions(options)
      const bytes = bytesOf(data, encoding ?? 'utf8')
      withFile(file, flag, mode, (fd) => files.write(fd, bytes))
    },
    appendFile(file: unknown, data: unknown, options?: unknown): void {
      fs.writeFile(file, data, { flag: 'a', ...encodingOptions(options) })
    },

    mkdir(path: unknown, options?: Options | number | string): string | undefined {
      const { recursive = false, mode } = typeof options === 'object' ? options : { mode: options }
      const found = followed(path, 'mkdir')
      const known = disk.find(found)
      if (known?.kind === 'folder' && recursive) return undefined
      if (known) throw fsError('EEXIST', 'mkdir', pathText(path))
      const above = recursive ? fs.mkdir(dirname(found), { recursive, mode }) : undefined
      disk.newFolder(found, 'mkdir', modeOf(mode, FOLDER_MODE))
      return recursive ? (above ?? found) : undefined
    },
    mkdtemp(prefix: unknown, options?: unknown) {
      const letters = chance.randomBytes(3).toString('hex')
      const path = `${pathText(prefix)}${letters}`
      fs.mkdir(path)
      return encoded(Buffer.from(path), { encoding: 'utf8', ...encodingOptions(options) })
    },
    readdir(path: unknown, options?: unknown) {
      const { recursive, withFileTypes } = encodingOptions(options) as Options
      const folder = folderAt(path, 'scandir')
      const found: [string, string][] = recursive
        ? listTree(folder)
        : disk.names(folder).map((name) => [folder, name])
      return found.map(([parent, name]) => {
        const child = join(parent, name)
        if (!withFileTypes) return relative(folder, child)
        const shown = join(pathText(path), relative(folder, parent))
        return direntOf(name, shown, disk.get(child, 'scandir'))
      })
    },
    rm(path: unknown, { recursive = false, force = false }: Options = {}): void {
      const found = followed(path, 'rm', false)
      const node = disk.find(found)
      if (!node && force) return
      if (nodeAt(path, 'rm', false).kind === 'folder' && !recursive)
        throw Object.assign(fsError('EISDIR', 'rm', pathText(path)), { code: 'ERR_FS_EISDIR' })
      removeTree(found)
    },
    rmdir(path: unknown, { recursive = false }: Options = {}): void {
      const folder = folderAt(path, 'rmdir')
      if (disk.names(folder).length > 0 && !recursive)
        throw fsError('ENOTEMPTY', 'rmdir', pathText(path))
      removeTree(folder)
    },
    unlink(path: unknown): void {
      if (nodeAt(path, 'unlink', false).kind === 'folder')
        throw fsError('EISDIR', 'unlink', pathText(path))
      disk.remove(followed(path, 'unlink', false))
    },
    rename(from: unknown, to: unknown): void {
      const [source, target] = [followed(from, 'rename', false), followed(to, 'rename', false)]
      const shown = [pathText(from), pathText(to)] as const
      const node = disk.find(source)
      if (!node) throw fsError('ENOENT', 'rename', ...shown)
      if (source === target) return
      const there = disk.find(target)
      if (there?.kind === 'folder' && node.kind !== 'folder')
        throw fsError('EISDIR', 'rename', ...shown)
      if (node.kind === 'folder' && there && there.kind !== 'folder')
        throw fsError('ENOTDIR', 'rename', ...shown)
      if (there?.kind === 'folder' && disk.names(target).length > 0)
        throw fsError('ENOTEMPTY', 'rename', ...shown)
      if (disk.find(dirname(target))?.kind !== 'folder') throw fsError('ENOENT', 'rename', ...shown)
      if (`${target}/`.startsWith(`${source}/`)) throw fsError('EINVAL', 'rename', ...shown)
      const move = (here: string, destination: string) => {
        const moved = disk.get(here, 'rename')
        const children = moved.kind === 'folder' ? disk.names(here) : []
        if (moved.kind === 'file' && moved.inode === 0) fs.copyFile(here, destination)
        else disk.put(destination, moved)
        for (const name of children) move(join(here, name), join(destination, name))
        disk.remove(here)
      }
      if (there) disk.remove(target)
      move(source, target)
    },
    copyFile(from: unknown, to: unknown, mode = 0): void {
      const node = nodeAt(from, 'copyfile')
      if (node.kind !== 'file') throw fsError('EISDIR', 'copyfile', pathText(from), pathText(to))
      if (mode & constants.COPYFILE_EXCL && fs.exists(to))
        throw fsError('EEXIST', 'copyfile', pathText(from), pathText(to))
      fs.writeFile(to, node.content.slice(), { mode: node.mode })
    },
    cp(from: unknown, to: unknown, options: Options = {}): void {
      copyTree(followed(from, 'cp'), followed(to, 'cp'), options)
    },
    link(existing: unknown, path: unknown): void {
      const source = followed(existing, 'link')
      const node = disk.get(source, 'link', pathText(existing))
      if (fs.exists(path)) throw fsError('EEXIST', 'link', pathText(existing), pathText(path))
      if (node.kind !== 'file') throw fsError('EPERM', 'link', pathText(existing), pathText(path))
      disk.share(followed(path, 'link'), disk.ownFile(source, node))
    },
    symlink: (target: unknown, path: unknown) =>
      disk.newLink(followed(path, 'symlink', false), pathText(target)),
    readlink(path: unknown): string {
      const node = nodeAt(path, 'readlink', false)
      if (node.kind === 'link') return node.target
      throw fsError('EINVAL', 'readlink', pathText(path))
    },
    realpath(path: unknown): string {
      nodeAt(path, 'realpath')
      return followed(path, 'realpath')
    },
    utimes(path: unknown, _accessed: unknown, modified: unknown): void {
      change(followed(path, 'utime'), nodeAt(path, 'utime'), { modifiedAt: timeOf(modified) })
    },
    lutimes(path: unknown, _accessed: unknown, modified: unknown): void {
      const found = followed(path, 'lutime', false)
      change(found, nodeAt(path, 'lutime', false), { modifiedAt: timeOf(modified) })
    },
    futimes(fd: unknown, _accessed: unknown, modified: unknown): void {
      const node = files.node(fd, 'futime')
      change(files.path(fd, 'futime'), node, { modifiedAt: timeOf(modified) })
    },
    chmod(path: unknown, mode: unknown): void {
      change(followed(path, 'chmod'), nodeAt(path, 'chmod'), { mode: modeOf(mode, FILE_MODE) })
    },
    fchmod(fd: unknown, mode: unknown): void {
      const node = files.node(fd, 'fchmod')
      change(files.path(fd, 'fchmod'), node, { mode: modeOf(mode, FILE_MODE) })
    },
    chown: (path: unknown) => void nodeAt(path, 'chown'),
    lchown: (path: unknown) => void nodeAt(path, 'lchown', false),
    fchown: (fd: unknown) => void files.node(fd, 'fchown'),
    opendir: (path: unknown, options?: unknown) => {
      const entries = fs.readdir(path, { ...encodingOptions(options), withFileTypes: true })
      return new OpenFolder(pathText(path), entries)
    },
  }
  return fs
}

/** As Node's Dir. */
class OpenFolder {
  readonly path: string
  readonly #entries: unknown[]

  constructor(path: string, entries: readonly unknown[]) {
    this.path = path
    this.#entries = [...entries]
  }

  readSync(): unknown {
    return this.#entries.shift() ?? null
  }

  async read(): Promise<unknown> {
    return this.readSync()
  }

  closeSync(): void {
    this.#entries.length = 0
  }

  async close(): Promise<void> {
    this.closeSync()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    for (const entry of this.#entries) yield entry
  }
}

/** Returns the number of an open file, which is given as that or as a FileHandle. */
function descriptorOf(file: unknown): number | undefined {
  if (typeof file === 'number') return file
  const fd = (file as { readonly fd?: unknown } | null | undefined)?.fd
  return typeof fd === 'number' ? fd : undefined
}

/** The place in a file; undefined for its own position, which is given as null or -1. */
function placeOf(position: unknown): number | undefined {
  const place = typeof position === 'bigint' ? Number(position) : position
  return typeof place === 'number' && place >= 0 ? place : undefined
}
