import { Toxiproxy } from 'toxiproxy-node-client'
import { messageOf, Problem } from '../../../core/problem.ts'
import { TOXIPROXY_REPLY_TIMEOUT_MS } from '../timeouts.ts'

/** Returns the version of the Toxiproxy at this URL. Throws a Problem if none responds. */
export async function versionOf(url: string): Promise<string> {
  const response = await withTimeout(new Toxiproxy(url).getVersion()).catch((cause: unknown) => {
    throw new Problem(
      `no Toxiproxy answers at ${url} (${messageOf(cause)}); ` +
        'start one there, or use --toxiproxy embedded',
      { cause },
    )
  })
  const version = readVersion(response)
  if (version === undefined)
    throw new Problem(
      `${url} answers, but not as Toxiproxy does; ` +
        "expected its API's URL, such as http://127.0.0.1:8474",
    )
  return version
}

/** Reads the response: typed as a text, it contains JSON. */
function readVersion(response: unknown): string | undefined {
  try {
    const { version } = JSON.parse(String(response)) as { version?: unknown }
    return typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}

async function withTimeout<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${TOXIPROXY_REPLY_TIMEOUT_MS} ms`)),
      TOXIPROXY_REPLY_TIMEOUT_MS,
    )
  })
  try {
    return await Promise.race([answer, timeout])
  } finally {
    clearTimeout(timer)
  }
}
