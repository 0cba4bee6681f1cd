"""A tiny SMTP server whose answers a test chooses."""

import socketserver
import threading


class UnwillingServer:
    def __init__(self):
        self.answer = "250 ok"
        self.refused = ""
        self.hang_up_after_data = False
        self.emails = []
        self.connections = 0
        outer = self

        class Conversation(socketserver.StreamRequestHandler):
            def say(self, words):
                self.wfile.write(f"{words}\r\n".encode())

            def handle(self):
                outer.connections += 1
                self.say("220 test")
                while line := self.rfile.readline():
                    said = line.decode().strip()
                    verb = said[:4].upper()
                    if verb in {"EHLO", "HELO"}:
                        self.say("250 test")
                    elif verb == "RCPT":
                        self.say("550 nobody here" if outer.refused and outer.refused in said else outer.answer)
                    elif verb == "DATA":
                        self.say("354 go on")
                        outer.emails.append(self.read_email())
                        if outer.hang_up_after_data:
                            return
                        self.say("250 ok")
                    elif verb == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 ok")

            def read_email(self):
                lines = []
                while (line := self.rfile.readline()).strip() != b".":
                    lines.append(line)
                return b"".join(lines)

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()
