/**
 * The watchdog process: waits beside the harness, and cleans up after it when its stdin closes
 * before the harness has dismissed it.
 *
 * @module
 */
import { rmSync } from 'node:fs'
import { killTree } from '../process/kill-tree.ts'
import { lineReader } from '../process/lines.ts'
import type { WardenMessage } from '../process/warden.ts'

const pids = new Set<number>()
const folders = new Set<string>()

const onMessage = (message: WardenMessage): void => {
  switch (message.type) {
    case 'process-started':
      pids.add(message.pid)
      break
    case 'process-exited':
      pids.delete(message.pid)
      break
    case 'folder-created':
      folders.add(message.path)
      break
    case 'folder-removed':
      folders.delete(message.path)
      break
    case 'dismissed':
      process.exit(0)
  }
}

process.stdin.setEncoding('utf8')
process.stdin.on(
  'data',
  lineReader((line) => onMessage(JSON.parse(line) as WardenMessage)),
)
process.stdin.on('end', () => {
  for (const pid of pids) killTree(pid)
  for (const path of folders)
    rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  process.exit(0)
})
