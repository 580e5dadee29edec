import Glibc

/// The values of a command in the form that libpq takes, made once for a command that is sent often.
///
/// `@unchecked Sendable`: nothing of it changes after its making.
@safe final class EncodedValues: @unchecked Sendable {
    private let bytes: UnsafeMutableRawBufferPointer
    private let starts: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>
    private let lengths: [Int32]
    private let formats: [Int32]

    /// - Throws: for what cannot be sent.
    init(_ values: [PostgresValue]) throws(PostgresError) {
        try ParameterBuffer.check(values)
        var buffer = ParameterBuffer()
        for value in values { buffer.append(value) }
        unsafe bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, buffer.bytes.count), alignment: 1)
        unsafe bytes.copyBytes(from: buffer.bytes)
        unsafe starts = UnsafeMutableBufferPointer.allocate(capacity: max(1, values.count))
        lengths = buffer.lengths
        formats = buffer.formats
        unsafe buffer.point(starts, into: UnsafeRawBufferPointer(bytes))
    }

    deinit {
        unsafe bytes.deallocate()
        unsafe starts.deallocate()
    }

    /// Whether `value` is the first of them, as text.
    func startsWith(_ value: UnsafeRawBufferPointer?) -> Bool {
        guard let value = unsafe value, let start = unsafe starts.first ?? nil, let length = lengths.first,
            value.count == Int(length)
        else { return false }
        return unsafe value.baseAddress.map { unsafe memcmp($0, start, Int(length)) == 0 } ?? true
    }

    func withPointers<R>(_ body: (ParameterPointers) -> R) -> R {
        withExtendedLifetime(self) {
            unsafe lengths.withUnsafeBufferPointer { lengths in
                unsafe formats.withUnsafeBufferPointer { formats in
                    unsafe body(
                        ParameterPointers(
                            count: Int32(lengths.count), values: UnsafePointer(starts.baseAddress),
                            lengths: lengths.baseAddress, formats: formats.baseAddress))
                }
            }
        }
    }
}

/// As libpq takes them. They are there during a call alone.
@unsafe struct ParameterPointers {
    let count: Int32
    let values: UnsafePointer<UnsafePointer<CChar>?>?
    let lengths: UnsafePointer<Int32>?
    let formats: UnsafePointer<Int32>?
}
