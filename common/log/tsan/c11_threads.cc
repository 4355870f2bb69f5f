// librdkafka uses C11 threads, which the thread sanitizer of g++ 12 does not know: it crashes in the first thread that
// thrd_create starts, and sees no order between its locks. In builds with that sanitizer, and only there, these stand
// in for the C library's, on pthreads, which it knows. glibc's C11 types are its pthread types under other names.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>

namespace {

struct Start {
  thrd_start_t function;
  void* argument;
};

void* Run(void* raw) {
  const Start start = *static_cast<Start*>(raw);
  delete static_cast<Start*>(raw);
  return reinterpret_cast<void*>(static_cast<intptr_t>(start.function(start.argument)));
}

pthread_mutex_t* AsMutex(mtx_t* m) { return reinterpret_cast<pthread_mutex_t*>(m); }
pthread_cond_t* AsCond(cnd_t* c) { return reinterpret_cast<pthread_cond_t*>(c); }

int ResultOf(int error) {
  if (error == 0) return thrd_success;
  if (error == EBUSY) return thrd_busy;
  return error == ETIMEDOUT ? thrd_timedout : thrd_error;
}

}  // namespace

extern "C" {

// What librdkafka shares between its threads it frees by atomic counters, which an uninstrumented library does not
// show. Its locks are called from here, not from there, so the order that they make still counts.
const char* __tsan_default_suppressions() { return "called_from_lib:librdkafka.so\n"; }

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  return ResultOf(pthread_create(thread, nullptr, Run, new Start{function, argument}));
}

int thrd_join(thrd_t thread, int* result) {
  void* returned = nullptr;
  const int error = pthread_join(thread, &returned);
  if (result) *result = static_cast<int>(reinterpret_cast<intptr_t>(returned));
  return ResultOf(error);
}

int thrd_detach(thrd_t thread) { return ResultOf(pthread_detach(thread)); }

// Not mtx_init and cnd_init, nor their ends: the sanitizer would want to see how the address reached the other thread,
// which goes through librdkafka's read-write locks.
int mtx_lock(mtx_t* m) { return ResultOf(pthread_mutex_lock(AsMutex(m))); }
int mtx_trylock(mtx_t* m) { return ResultOf(pthread_mutex_trylock(AsMutex(m))); }
int mtx_unlock(mtx_t* m) { return ResultOf(pthread_mutex_unlock(AsMutex(m))); }

int cnd_signal(cnd_t* c) { return ResultOf(pthread_cond_signal(AsCond(c))); }
int cnd_broadcast(cnd_t* c) { return ResultOf(pthread_cond_broadcast(AsCond(c))); }
int cnd_wait(cnd_t* c, mtx_t* m) { return ResultOf(pthread_cond_wait(AsCond(c), AsMutex(m))); }
int cnd_timedwait(cnd_t* c, mtx_t* m, const timespec* until) {
  return ResultOf(pthread_cond_timedwait(AsCond(c), AsMutex(m), until));
}

}  // extern "C"
