import { rmSync } from 'node:fs'
import { killTree } from '../process/kill-tree.ts'
import { lineReader } from '../process/lines.ts'
import type { Charge } from '../process/warden.ts'

/** Waits beside the harness, and cleans up after it when its stdin closes without a goodbye. */
const processes = new Set<number>()
const folders = new Set<string>()

const obey = (charge: Charge): void => {
  switch (charge.type) {
    case 'process':
      processes.add(charge.pid)
      break
    case 'gone':
      processes.delete(charge.pid)
      break
    case 'folder':
      folders.add(charge.path)
      break
    case 'removed':
      folders.delete(charge.path)
      break
    case 'goodbye':
      process.exit(0)
  }
}

process.stdin.setEncoding('utf8')
process.stdin.on(
  'data',
  lineReader((line) => obey(JSON.parse(line) as Charge)),
)
process.stdin.on('end', () => {
  for (const pid of processes) killTree(pid)
  for (const path of folders)
    rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  process.exit(0)
})
