import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MESSAGES_ONLY } from '../../core/capabilities.ts'

/**
 * Writes a client that sends nothing and runs `code` in the second action of ana. Returns the
 * argument for `--client`.
 */
export function clientFile(folder: string, name: string, code: string): string {
  const capabilities = { ...MESSAGES_ONLY, recovery: 1000 }
  writeFileSync(
    join(folder, `${name}.ts`),
    `export default {
      name: '${name}',
      title: 'does something odd',
      capabilities: ${JSON.stringify(capabilities)},
      create: ({ clock }: any) => ({
        start() {},
        perform({ opId }: { opId: string }) {
          if (opId === 'ana-2') { ${code} }
          return { saved: Promise.resolve({ durable: false }) }
        },
        view: () => ({ rows: [] }),
        stop() {},
      }),
    }
`,
  )
  return `./${name}.ts`
}
