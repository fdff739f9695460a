import type { Act } from '../acts.ts'
import type { Told } from '../shown.ts'

/** Time between two tries to get the channel back. Unit ms. */
const AGAIN_MS = 500
const NAME = 'cuffpilot-page'

/** The channel to the program. It comes back by itself; a release takes whatever way there is. */
export class Channel {
  isOpen = false
  private socket: WebSocket | undefined
  private readonly onTold: (told: Told) => void
  private readonly onChange: () => void

  constructor(onTold: (told: Told) => void, onChange: () => void) {
    this.onTold = onTold
    this.onChange = onChange
  }

  send(act: Act): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(act))
  }

  /** Both ways at once: the second one needs nothing but the page's own address. */
  release(): void {
    this.send({ do: 'release' })
    if (!this.isOpen) void fetch('/release', { method: 'POST', keepalive: true }).catch(() => {})
  }

  open(): void {
    const page = sessionStorage.getItem(NAME) ?? ''
    const socket = new WebSocket(`ws://${location.host}/channel?page=${encodeURIComponent(page)}`)
    this.socket = socket
    socket.onopen = () => this.become(true)
    socket.onclose = () => {
      this.become(false)
      setTimeout(() => this.open(), AGAIN_MS)
    }
    socket.onmessage = ({ data }) => {
      const told = JSON.parse(String(data)) as Told
      if (told.is === 'you') sessionStorage.setItem(NAME, told.page)
      // Whoever stands still does not answer, and is taken for gone.
      if (told.is === 'room') this.send({ do: 'beat' })
      this.onTold(told)
    }
  }

  private become(isOpen: boolean): void {
    this.isOpen = isOpen
    this.onChange()
  }
}

/** Exchanges the key in the address for a cookie that no page can read. True when this browser may come in. */
export async function enter(): Promise<boolean> {
  const key = location.hash.slice(1)
  if (key === '') return true
  history.replaceState(undefined, '', location.pathname)
  const answer = await fetch('/enter', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  return answer.ok
}
