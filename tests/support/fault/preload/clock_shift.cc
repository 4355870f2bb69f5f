// Preloaded into a process, it moves that process's wall clock by as many nanoseconds as the file CLOCK_SHIFT_FILE says
// at the moment. It asks the kernel itself: whoever looks for the next clock_gettime() with dlsym() allocates, and the
// services' allocator asks for the time before it is ready, which is why libfaketime hangs in them.
//
// What the kernel waits for by the wall clock is moved too, so that nobody sleeps through a step; only a wait that
// began before a step ends as if there had been none. Left alone are steady clocks, as by a real step, and
// timespec_get() with what waits by it, librdkafka: these two agree with each other.
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr int64_t kSecondNs = 1'000'000'000;

const int64_t* shift_ns = nullptr;  // in the file

__attribute__((constructor)) void MapFile() {
  const char* name = std::getenv("CLOCK_SHIFT_FILE");
  const int file = name == nullptr ? -1 : open(name, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  void* mapped = mmap(nullptr, sizeof *shift_ns, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) __atomic_store_n(&shift_ns, static_cast<const int64_t*>(mapped), __ATOMIC_RELEASE);
}

/// Before the constructor has run nothing is moved.
int64_t ShiftNs() {
  const int64_t* mapped = __atomic_load_n(&shift_ns, __ATOMIC_ACQUIRE);
  return mapped == nullptr ? 0 : __atomic_load_n(mapped, __ATOMIC_RELAXED);
}

void Move(timespec* at, int64_t ns) {
  at->tv_sec += ns / kSecondNs;
  at->tv_nsec += ns % kSecondNs;
  if (at->tv_nsec < 0) --at->tv_sec, at->tv_nsec += kSecondNs;
  if (at->tv_nsec >= kSecondNs) ++at->tv_sec, at->tv_nsec -= kSecondNs;
}

/// As the kernel returns: an error is a negative number.
long Kernel(long number, long a, long b, long c = 0, long d = 0, long e = 0, long f = 0) {
#if defined(__x86_64__)
  long result = number;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  register long x5 asm("x5") = f;
  asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
#else
#error "how this machine calls its kernel is not written here"
#endif
}

long AsLibc(long result) {
  if (result >= 0 || result < -4095) return result;
  errno = static_cast<int>(-result);
  return -1;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* at) noexcept {
  const long result = AsLibc(Kernel(SYS_clock_gettime, clock, reinterpret_cast<long>(at)));
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) Move(at, ShiftNs());
  return static_cast<int>(result);
}

extern "C" int gettimeofday(timeval* at, void*) noexcept {
  timespec now{};
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}

// Abseil's and so gRPC's locks wait for an instant of the wall clock, by this function.
extern "C" long syscall(long number, ...) noexcept {
  va_list arguments;
  va_start(arguments, number);
  const long a = va_arg(arguments, long), b = va_arg(arguments, long), c = va_arg(arguments, long);
  long d = va_arg(arguments, long);
  const long e = va_arg(arguments, long), f = va_arg(arguments, long);
  va_end(arguments);
  timespec until{};
  const bool waits_for_wall =
      number == SYS_futex && (b & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && (b & FUTEX_CLOCK_REALTIME) != 0 && d != 0;
  if (waits_for_wall) {
    until = *reinterpret_cast<const timespec*>(d);
    Move(&until, -ShiftNs());
    d = reinterpret_cast<long>(&until);
  }
  return AsLibc(Kernel(number, a, b, c, d, e, f));
}
