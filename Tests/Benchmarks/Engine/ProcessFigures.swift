import FoundationEssentials
import Glibc

/// What the system says of a process.
enum ProcessFigures {
    /// Seconds of processor time that it has used by now, in user mode and in the kernel; 0 once it is gone.
    static func processorTime(_ process: pid_t) -> Double {
        // proc(5): fields 14 and 15.
        (field(14, of: process) + field(15, of: process)) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Likewise of all its children that have ended and were waited for.
    static func processorTimeOfEndedChildren(_ process: pid_t) -> Double {
        (field(16, of: process) + field(17, of: process)) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// - Parameter number: as proc(5) counts; from 3 on, since the name before it may hold anything.
    private static func field(_ number: Int, of process: pid_t) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        return text[text.index(after: end)...].split(separator: " ").dropFirst(number - 3).first
            .flatMap { Double($0) } ?? 0
    }

    /// Resident memory, in MB of 1,000,000 bytes.
    static func resident(_ process: pid_t) -> Double { status(process, "VmRSS:") }

    /// The most that was resident since `forgetPeak`, in the same unit.
    static func peak(_ process: pid_t) -> Double { status(process, "VmHWM:") }

    static func forgetPeak(_ process: pid_t) {
        // proc(5): 5 resets the high-water mark.
        guard let file = fopen("/proc/\(process)/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }

    /// How many processes wanted to run, on average over the last minute.
    static var loadAverage: Double {
        var loads = [0.0]
        return getloadavg(&loads, 1) == 1 ? loads[0] : .nan
    }

    private static func status(_ process: pid_t, _ key: String) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        let kilobytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap {
            Double($0)
        }
        return (kilobytes ?? .nan) * 1_024 / 1_000_000
    }
}
