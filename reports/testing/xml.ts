import { spawnSync } from 'node:child_process'

/**
 * A Python program. Reads one XML document per line, as a JSON string, and prints for each the
 * error of the parser (expat), or its elements in order.
 */
const SCRIPT = `
import json, sys, xml.etree.ElementTree as tree
for line in sys.stdin:
    try:
        root = tree.fromstring(json.loads(line).encode('utf-8'))
        found = [[e.tag, e.attrib, e.text or ''] for e in root.iter()]
        print(json.dumps({'found': found}))
    except Exception as error:
        print(json.dumps({'error': str(error)}))
`

export interface Parsed {
  readonly error?: string
  readonly found?: readonly (readonly [
    tag: string,
    attributes: Readonly<Record<string, string>>,
    text: string,
  ])[]
}

export const hasPython = spawnSync('python3', ['--version']).status === 0

/** Parses with Python's parser, so that the check of well-formedness is independent of our code. */
export function parseXml(documents: readonly string[]): Parsed[] {
  const ran = spawnSync('python3', ['-c', SCRIPT], {
    input: `${documents.map((document) => JSON.stringify(document)).join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (ran.status !== 0) throw new Error(ran.stderr)
  return ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Parsed)
}
