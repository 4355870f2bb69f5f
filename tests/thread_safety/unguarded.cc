// What scripts/thread-safety must refuse, or the check is blind. Not part of any build.
#include "common/core/mutex.h"

namespace escalon {

class Counter {
 public:
  void Add() { ++count_; }

 private:
  Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

void AddOne(Counter& counter) { counter.Add(); }

}  // namespace escalon
