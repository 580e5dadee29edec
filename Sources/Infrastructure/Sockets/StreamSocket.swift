import Glibc
package import NIOCore

/// What a `StreamSocket` tells, in the reactor's turn.
package protocol StreamSocketOwner: AnyObject {
    /// Bytes came; they are there during the call alone. On the reactor's own thread.
    func received(_ bytes: UnsafeRawBufferPointer)
    /// The other side sends no more. Once, after all that came; on the reactor's own thread.
    func inputEnded()
    /// More waits to go out than should, or little enough again.
    func writabilityChanged()
    /// It is over: closed from here, or broken. Once, on the reactor's own thread, after the call that closed it.
    func closed()
}

/// One connection over TCP, in the reactor's turn: bytes in as they come, bytes out as they are taken.
@safe package final class StreamSocket {
    /// Above `high` bytes that wait to go out it is not writable, until there are no more than `low`.
    private static let marks = (low: 32_768, high: 65_536)
    /// Small pieces that wait go out together, up to so many bytes.
    private static let together = 16_384

    /// Room for what comes, of all sockets: it is handed on before the next is read.
    private nonisolated(unsafe) static let room = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 65_536, alignment: 16)

    private let descriptor: Int32
    private var token: SocketToken?
    /// As long as it is open.
    private var owner: (any StreamSocketOwner)?
    private var unsent = CircularBuffer<ByteBuffer>()
    /// Bytes that wait to go out.
    package private(set) var unsentBytes = 0
    package private(set) var isWritable = true
    private var isReading = true
    private var isBlocked = false
    private var hasInputEnded = false
    private var isEnding = false
    private var hasOutputEnded = false
    private var onOutputEnd: (() -> Void)?

    /// Takes over a connected descriptor that does not block. Follow with `open`.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    package var isOpen: Bool { token != nil }

    /// From now on `owner` hears of it, until it is closed.
    /// - Returns: whether it is open.
    package func open(for owner: any StreamSocketOwner) -> Bool {
        token = Reactor.shared.watch(descriptor) { [self] in ready($0) }
        guard token != nil else {
            Glibc.close(descriptor)
            return false
        }
        self.owner = owner
        return true
    }

    // MARK: In

    /// What comes is left to wait, and the other side with it, or read again. Who says that it was all is heard all the same.
    package func read(_ isReading: Bool) {
        guard self.isReading != isReading else { return }
        self.isReading = isReading
        setInterest()
    }

    private func ready(_ events: SocketEvents) {
        if events.isWritable { flush() }
        guard isOpen, events.isReadable else { return }
        guard !hasInputEnded else { return events.isBroken ? close() : () }
        // Once the other side has said all, nobody is held back any longer by what is left of it.
        repeat {
            guard readOnce() else { return }
        } while events.hasEnded && isOpen
    }

    /// - Returns: whether there may be more.
    private func readOnce() -> Bool {
        let room = unsafe Self.room
        let count = unsafe recv(descriptor, room.baseAddress, room.count, 0)
        if count > 0 {
            unsafe owner?.received(UnsafeRawBufferPointer(rebasing: room[..<count]))
            return true
        }
        if count == 0 {
            hasInputEnded = true
            setInterest()
            if hasOutputEnded { close() } else { owner?.inputEnded() }
        } else if errno == EINTR {
            return true
        } else if errno != EAGAIN {
            close()
        }
        return false
    }

    // MARK: Out

    /// Puts bytes in line; `flush` sends them.
    package func write(_ bytes: ByteBuffer) {
        guard isOpen, !isEnding, bytes.readableBytes > 0 else { return }
        unsent.append(bytes)
        unsentBytes += bytes.readableBytes
        guard isWritable, unsentBytes > Self.marks.high else { return }
        isWritable = false
        owner?.writabilityChanged()
    }

    /// Sends as much as the other side takes now, and the rest as soon as it takes more.
    package func flush() {
        guard isOpen, send() else { return }
        if !isWritable, unsentBytes <= Self.marks.low {
            isWritable = true
            owner?.writabilityChanged()
        }
        if isEnding, isOpen, unsent.isEmpty { endOutput() }
    }

    /// - Returns: whether the socket is still open.
    private func send() -> Bool {
        while var first = unsent.first {
            if unsent.count > 1 { first = joined() }
            let count = unsafe first.withUnsafeReadableBytes { bytes in
                unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN { break }
                close()
                return false
            }
            unsentBytes -= count
            if count == first.readableBytes {
                unsent.removeFirst()
            } else {
                first.moveReaderIndex(forwardBy: count)
                unsent[unsent.startIndex] = first
            }
        }
        if isBlocked == unsent.isEmpty {
            isBlocked = !unsent.isEmpty
            setInterest()
        }
        return true
    }

    /// The first pieces in one, if they are small.
    private func joined() -> ByteBuffer {
        var first = unsent.removeFirst()
        while let next = unsent.first, first.readableBytes + next.readableBytes <= Self.together {
            first.writeImmutableBuffer(next)
            unsent.removeFirst()
        }
        unsent.prepend(first)
        return first
    }

    // MARK: The end

    /// Says, after all that waits to go out, that nothing more will.
    package func closeOutput(then: @escaping () -> Void = {}) {
        guard isOpen, !isEnding else { return }
        isEnding = true
        onOutputEnd = then
        flush()
    }

    private func endOutput() {
        hasOutputEnded = true
        shutdown(descriptor, Int32(SHUT_WR))
        if hasInputEnded { return close() }
        onOutputEnd?()
        onOutputEnd = nil
    }

    /// Now; what waits to go out is lost.
    package func close() {
        guard let token else { return }
        Reactor.shared.unwatch(token)
        self.token = nil
        Glibc.close(descriptor)
        unsent.removeAll()
        onOutputEnd = nil
        Reactor.shared.onOwnThread { [self] in
            owner?.closed()
            owner = nil
        }
    }

    private func setInterest() {
        guard let token else { return }
        Reactor.shared.setInterest(
            token, reading: isReading && !hasInputEnded, writing: isBlocked, ending: !hasInputEnded)
    }
}
