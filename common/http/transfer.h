#pragma once

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>

#include "common/http/client.h"

namespace escalon::http {

/// One request or mail on its way: an easy handle, what it sends, what came back, and whom to tell. Made in any thread,
/// then used in the client's thread alone.
class Transfer {
 public:
  static std::unique_ptr<Transfer> ForRequest(ClientRequest request, const ClientOptions& options,
                                              Client::Callback done);
  static std::unique_ptr<Transfer> ForMail(const Mail& mail, MailRelay relay, const ClientOptions& options,
                                           InstantMs date, Client::MailCallback done);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// The handle, ready to run; nullptr when the input was refused and told so.
  CURL* Prepare();
  void Finish(CURLcode code);
  void Fail(Error error);

 private:
  explicit Transfer(const ClientOptions& options) : options_(options) {}
  Status SetCommon(DurationMs timeout_ms, const std::string& url, const char* protocols);
  Status PrepareRequest();
  Status PrepareMail();
  Error ErrorOf(CURLcode code) const;

  static size_t OnBody(char* data, size_t size, size_t count, void* self);
  static size_t OnHeader(char* data, size_t size, size_t count, void* self);
  static size_t OnUpload(char* data, size_t size, size_t count, void* self);
  static curl_socket_t OnOpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address);

  const ClientOptions& options_;
  CURL* easy_ = nullptr;
  curl_slist* header_list_ = nullptr;
  curl_slist* recipients_ = nullptr;
  char error_text_[CURL_ERROR_SIZE] = {};

  std::optional<ClientRequest> request_;
  Client::Callback done_;
  ClientResponse response_;
  std::string refused_address_;

  std::optional<MailRelay> relay_;
  std::string mail_from_;
  std::vector<std::string> mail_to_;
  std::string message_;
  size_t uploaded_ = 0;
  Client::MailCallback mail_done_;
  std::optional<Error> invalid_;
};

}  // namespace escalon::http
