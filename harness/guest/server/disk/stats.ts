import { constants, Dirent, Stats } from 'node:fs'
import type { DiskNode } from './node.ts'

const { S_IFDIR, S_IFLNK, S_IFREG } = constants
const TYPES = { file: S_IFREG, folder: S_IFDIR, link: S_IFLNK }
/** Their numbers in libuv. */
const BLOCK = 4096
const SECTOR = 512

/** Returns what `stat` returns. */
export function statsOf(node: DiskNode, bigint = false): Stats {
  const size =
    node.kind === 'file' ? node.content.size : node.kind === 'link' ? node.target.length : BLOCK
  const numbers = {
    dev: 1,
    mode: TYPES[node.kind] | node.mode,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    blksize: BLOCK,
    ino: node.inode,
    size,
    blocks: Math.ceil(size / SECTOR),
  }
  const times = {
    atime: node.modifiedAt,
    mtime: node.modifiedAt,
    ctime: node.modifiedAt,
    birthtime: node.createdAt,
  }
  const stats = Object.create(Stats.prototype) as Stats
  const set = (name: string, value: unknown) =>
    Object.defineProperty(stats, name, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    })
  for (const [name, value] of Object.entries(numbers)) set(name, bigint ? BigInt(value) : value)
  for (const [name, ms] of Object.entries(times)) {
    const whole = BigInt(Math.floor(ms))
    set(`${name}Ms`, bigint ? whole : ms)
    if (bigint) set(`${name}Ns`, whole * 1_000_000n)
    set(name, new Date(ms))
  }
  return bigint ? withBigIntTypes(stats, node) : stats
}

/** Node's own methods compute with numbers. */
function withBigIntTypes(stats: Stats, { kind }: DiskNode): Stats {
  return Object.assign(stats, kindMethods(kind))
}

function kindMethods(kind: DiskNode['kind']) {
  return {
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: () => kind === 'link',
    isBlockDevice: () => false,
    isCharacterDevice: () => false,
    isFIFO: () => false,
    isSocket: () => false,
  }
}

/**
 * Returns an entry of a folder, as `readdir` with file types does. Not by its constructor: the
 * order of its arguments depends on Node's version.
 */
export function direntOf(name: string, folder: string, { kind }: DiskNode): Dirent {
  const entry: object = Object.create(Dirent.prototype)
  return Object.assign(
    entry,
    { name, parentPath: folder, path: folder },
    kindMethods(kind),
  ) as Dirent
}
