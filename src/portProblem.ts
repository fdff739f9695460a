/** Why a port did not open, for people: what the system says of a lock says nothing of who holds it. */
export const portProblem = ({ message }: Error): string =>
  /lock/i.test(message)
    ? 'another program holds it, or one that has just ended: wait a moment, or look for it'
    : message
