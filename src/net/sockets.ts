import type { buildConnector } from 'undici';

/** Counts the connections of a client, those that are being opened included. */
export class Sockets {
  #open = 0;

  /** Connections that are open or being opened. */
  get open(): number {
    return this.#open;
  }

  /** The connector, counted. */
  counted(connect: buildConnector.connector): buildConnector.connector {
    return (options, callback) => {
      this.#open += 1;
      connect(options, (error, socket) => {
        if (error === null) {
          socket.once('close', () => {
            this.#open -= 1;
          });
          callback(null, socket);
        } else {
          this.#open -= 1;
          callback(error, null);
        }
      });
    };
  }
}
