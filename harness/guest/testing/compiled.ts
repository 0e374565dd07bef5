import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientDefinition } from '../../core/client.ts'
import { compileClient } from '../compile/compile-client.ts'

/** A folder for guests' files. Must be removed. */
export class GuestFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'guest-test-'))

  /** Writes a file and returns its path. */
  write(name: string, content: string): string {
    const path = join(this.path, name)
    writeFileSync(path, content)
    return path
  }

  /** Compiles a guest, and loads it. */
  async load(content: string, name = 'app.ts'): Promise<ClientDefinition> {
    const url = await compileClient(this.write(name, content), mkdtempSync(join(this.path, 'out-')))
    const { default: definition } = (await import(url)) as { default: ClientDefinition }
    return definition
  }

  remove(): void {
    rmSync(this.path, { recursive: true })
  }
}

/** Returns a guest's file with the given body of the app. */
export const guestCode = (body: string, about = "{ name: 'app' }"): string =>
  `import { guest } from 'tunnelproof/guest'\nexport default guest(${about}, ${body})\n`
