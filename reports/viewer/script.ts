/**
 * The script of the page. Without it the page is still readable. A link into closed sections opens
 * them; a copy button copies the command beside it; printing opens everything. The text must not
 * contain `</`, which would end the script element.
 */
export const SCRIPT = `
addEventListener('hashchange', reveal)
reveal()
function reveal() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1))
  if (!target) return
  let closed = false
  for (let at = target; at; at = at.parentElement) {
    if (at.tagName === 'DETAILS' && !at.open) closed = at.open = true
  }
  const box = target.closest('.diagram')
  if (box) {
    const shape = target.getBoundingClientRect()
    const frame = box.getBoundingClientRect()
    box.scrollTop += shape.top + shape.height / 2 - frame.top - frame.height / 2
    box.scrollLeft += shape.left + shape.width / 2 - frame.left - frame.width / 2
    box.scrollIntoView({ block: 'nearest' })
  } else if (closed) target.scrollIntoView()
}
addEventListener('click', ({ target }) => {
  const button = target instanceof Element && target.closest('button.copy')
  if (!button) return
  const command = button.previousElementSibling
  getSelection().selectAllChildren(command)
  const done = () => { button.textContent = 'copied' }
  if (navigator.clipboard) navigator.clipboard.writeText(command.textContent).then(done, () => {})
})
addEventListener('beforeprint', () => {
  for (const each of document.querySelectorAll('details')) each.open = true
})
`
