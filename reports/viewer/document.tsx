/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { spanText } from '../../harness/core/time.ts'
import { contentSecurityPolicy } from './csp.ts'
import { SCRIPT } from './script.ts'

export interface PageOptions {
  readonly title: string
  readonly style: string
  /** A body element. */
  readonly body: VNode
}

/** Renders a page that needs no other file and never uses the network. */
export function renderDocument({ title, style, body }: PageOptions): string {
  const head = renderToString(<Head title={title} style={style} />)
  // Style and script are our constants. The renderer has escaped all texts that come from a run.
  const headWithStyle = head.replace('</head>', () => `<style>${style}</style></head>`)
  const bodyWithScript = renderToString(body).replace(
    /<\/body>$/,
    () => `<script>${SCRIPT}</script></body>`,
  )
  return `<!doctype html>\n<html lang="en">${headWithStyle}${bodyWithScript}</html>\n`
}

function Head({ title, style }: Pick<PageOptions, 'title' | 'style'>) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={contentSecurityPolicy(style, SCRIPT)} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>{`${title} · tunnelproof`}</title>
    </head>
  )
}

interface HeaderProps {
  /** The facts that every page states about its runs. */
  readonly facts: {
    readonly tool: string
    readonly startedAt: string
    readonly realMs: number
    readonly worlds: Readonly<Record<string, string>>
  }
  /** An h1 element. */
  readonly heading: VNode
  readonly tally: string
  readonly children?: ComponentChildren
}

/** The head of a page: the tool, the outcome in a sentence, the worlds in which it was played. */
export function Header({ facts, heading, tally, children }: HeaderProps) {
  const { tool, startedAt, realMs, worlds } = facts
  return (
    <header>
      <p class="brand">
        <svg width="26" height="18" viewBox="0 0 26 18" aria-hidden="true">
          <path class="arch" d="M2 17V13a11 11 0 0 1 22 0v4" />
          <path class="rail" d="M9 17l2.5-8h3l2.5 8" />
        </svg>
        {tool}
      </p>
      {heading}
      <p class="tally">
        {tally}. {spanText(realMs)}, started{' '}
        {startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}.
      </p>
      <dl class="worlds">
        {Object.entries(worlds).map(([world, about]) => (
          <div>
            <dt>{world}</dt>
            <dd>
              <bdi>{about}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {children}
    </header>
  )
}
