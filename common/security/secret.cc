#include "common/security/secret.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <bitset>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "common/core/digest.h"
#include "common/core/random.h"
#include "common/security/text_guard.h"

namespace escalon {
namespace {

constexpr size_t kMinKeyBytes = 32;
constexpr size_t kMaxKeyIdBytes = 16;
constexpr size_t kMaxRingBytes = 64 * 1024;

class File {
 public:
  explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

// 32 random bytes hold fewer than 8 distinct values with a chance below 2^-100: such a key was typed, not drawn.
bool LooksRandom(std::string_view bytes) {
  std::bitset<256> seen;
  for (const char c : bytes) seen.set(static_cast<uint8_t>(c));
  return seen.count() >= 8;
}

Status CheckKey(std::string_view field, const NamedKey& key) {
  if (Status s = CheckId(field, key.id, IdKind::kName); !s) return s;
  if (key.id.size() > kMaxKeyIdBytes) return InvalidField(std::string(field), "the key's id has more than 16 bytes");
  if (key.key.Reveal().size() < kMinKeyBytes) {
    return InvalidField(std::string(field), "the key has fewer than 32 bytes; make one with `openssl rand -base64 32`");
  }
  if (!LooksRandom(key.key.Reveal())) {
    return InvalidField(std::string(field), "the key is not random; make one with `openssl rand -base64 32`");
  }
  return {};
}

}  // namespace

Secret::Secret(Secret&& other) noexcept { bytes_.swap(other.bytes_); }

Secret& Secret::operator=(Secret other) noexcept {
  bytes_.swap(other.bytes_);
  return *this;
}

Secret::~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

Result<std::string> ReadGuardedFile(std::string_view field, const std::string& path, size_t max_bytes,
                                    bool private_file) {
  const auto fail = [&](const std::string& what) { return InvalidField(std::string(field), path + " " + what); };
  const File file(path);
  if (file.fd() < 0) return fail(std::string("cannot be opened: ") + std::generic_category().message(errno));
  struct stat info;
  if (::fstat(file.fd(), &info) != 0 || !S_ISREG(info.st_mode)) return fail("is not a regular file");
  if (info.st_mode & S_IWOTH) return fail("may be written by everybody; chmod o-w it");
  if (private_file && (info.st_mode & S_IROTH)) return fail("may be read by everybody; chmod o-rwx it");
  std::string text;
  std::array<char, 16384> part;
  for (;;) {
    const ssize_t n = ::read(file.fd(), part.data(), part.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(std::string("cannot be read: ") + std::generic_category().message(errno));
    if (n == 0) break;
    text.append(part.data(), static_cast<size_t>(n));
    if (text.size() > max_bytes) return fail("has more than " + std::to_string(max_bytes) + " bytes");
  }
  if (private_file) OPENSSL_cleanse(part.data(), part.size());
  return text;
}

Result<KeyRing> KeyRing::Of(std::string_view field, std::vector<NamedKey> keys) {
  if (keys.empty()) return InvalidField(std::string(field), "holds no key; add a line `<id> <base64 of 32 bytes>`");
  for (size_t i = 0; i < keys.size(); ++i) {
    if (Status s = CheckKey(field, keys[i]); !s) return s.error();
    for (size_t j = 0; j < i; ++j) {
      if (keys[j].id != keys[i].id) continue;
      return InvalidField(std::string(field), "the key id " + keys[i].id + " is there twice");
    }
  }
  return KeyRing(std::move(keys));
}

Result<KeyRing> KeyRing::Parse(std::string_view field, std::string_view text) {
  std::vector<NamedKey> keys;
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos || line.front() == '#') continue;
    const std::string place = std::string(field) + " line " + std::to_string(number);
    const size_t blank = line.find(' ');
    if (blank == std::string_view::npos) return InvalidField(place, "is not `<id> <base64 of at least 32 bytes>`");
    std::string bytes;
    if (!FromBase64(line.substr(blank + 1), &bytes)) return InvalidField(place, "the key is not base64");
    NamedKey key{std::string(line.substr(0, blank)), Secret(std::move(bytes))};
    if (Status s = CheckKey(place, key); !s) return s.error();
    keys.push_back(std::move(key));
  }
  return Of(field, std::move(keys));
}

Result<KeyRing> KeyRing::Load(std::string_view field, const std::string& path) {
  Result<std::string> text = ReadGuardedFile(field, path, kMaxRingBytes, true);
  if (!text) return text.error();
  const Secret wiped(std::move(*text));
  return Parse(field, wiped.Reveal());
}

const NamedKey* KeyRing::Find(std::string_view id) const {
  for (const NamedKey& key : keys_) {
    if (key.id == id) return &key;
  }
  return nullptr;
}

std::string NewKeyRingLine(std::string_view id) {
  std::array<char, kMinKeyBytes> bytes;
  SecureRandom(bytes.data(), bytes.size());
  std::string line = std::string(id) + " " + ToBase64({bytes.data(), bytes.size()}) + "\n";
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return line;
}

bool FromHex(std::string_view text, std::string* bytes) {
  if (text.size() % 2 != 0) return false;
  const auto nibble = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  bytes->clear();
  bytes->reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = nibble(text[i]);
    const int low = nibble(text[i + 1]);
    if (high < 0 || low < 0) return false;
    *bytes += static_cast<char>(high << 4 | low);
  }
  return true;
}

}  // namespace escalon
